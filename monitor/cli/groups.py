"""A group of commands that does the first of them when none is named: ``monitor feeds`` lists."""

from __future__ import annotations

import click


class GroupWithDefault(click.Group):
    """A group whose command ``list`` is meant when only options, or nothing, are given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default's name before options that are not the group's own."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)
