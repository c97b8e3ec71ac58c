import subprocess
from pathlib import Path


def code_version() -> str:
    """The commit of this code, with "-dirty" where files differ from it; "unknown" outside a repository."""
    found = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude", "*"],
        capture_output=True,
        text=True,
    )
    return found.stdout.strip() or "unknown"
