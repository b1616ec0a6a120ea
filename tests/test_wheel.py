"""What is shipped works where no checkout is."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RENDER = """
from datetime import UTC, datetime
from monitor import resources
from monitor.core.sample import sample_alert
from monitor.render import Renderer
print(Renderer([resources.templates()], language="de", timezone=UTC)(sample_alert(datetime(2026, 1, 1, tzinfo=UTC), "de")).text)
"""


def run(*command, **settings):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, **settings).stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The directory of a fresh environment with the wheel, which borrows the libraries of this one."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(place / "dist"), str(ROOT))
    (wheel,) = (place / "dist").glob("feedmonitor-*.whl")
    venv.create(place / "env", with_pip=True)
    python = place / "env" / "bin" / "python"
    run(str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    (site,) = (place / "env" / "lib").glob("python*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "borrowed.pth").write_text(here + "\n")
    return place


def test_the_wheel_checks_its_example_config_outside_of_the_checkout(installed):
    monitor = installed / "env" / "bin" / "monitor"
    run(str(monitor), "init", cwd=installed)

    assert "ok" in run(str(monitor), "check", cwd=installed, env={**os.environ, "XDG_CACHE_HOME": str(installed)})


def test_the_wheel_renders_an_alert_with_its_own_templates(installed):
    python = installed / "env" / "bin" / "python"

    text = run(str(python), "-I", "-c", RENDER, cwd=installed)

    assert "»Probe«" in text
    assert "site-packages" in run(str(python), "-I", "-c", "import monitor; print(monitor.__file__)", cwd=installed)
