"""Values of a configuration that the command line replaces: --set KEY=VALUE."""

import copy

import yaml


def with_settings(config: dict, settings: list[str]) -> dict:
    """A copy of the configuration with these values, each as "a.path.to.a.key=YAML".

    @raises SystemExit for a path that the file does not have
    """
    config = copy.deepcopy(config)
    for setting in settings:
        path, _, value = setting.partition("=")
        *parents, last = path.split(".")
        at: dict | None = config
        for key in parents:
            at = at.get(key) if isinstance(at, dict) else None
        if not isinstance(at, dict) or last not in at:
            raise SystemExit(f"--set {setting}: the configuration has no {path}")
        at[last] = yaml.safe_load(value)
    return config
