"""The files that come with the program are found, in a checkout and in a wheel."""

import pytest

from monitor import resources
from monitor.errors import NotFound


def test_a_checkout_has_the_templates_and_the_example():
    assert (resources.templates() / "alert.txt.j2").is_file()
    assert "[[feeds]]" in resources.example_config()


def test_a_wheel_has_them_inside_the_package(tmp_path, monkeypatch):
    package = tmp_path / "site" / "monitor"
    (package / "_data" / "templates").mkdir(parents=True)
    (package / "_data" / "config.example.toml").write_text("# ä of the wheel", encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", package)

    assert resources.templates() == package / "_data" / "templates"
    assert resources.example_config() == "# ä of the wheel"


def test_an_installation_without_them_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "monitor")

    with pytest.raises(NotFound, match="install the program again"):
        resources.templates()
