"""The wheel is complete: installed elsewhere, the command runs without the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from the tree, with the build tools of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    pip("wheel", *options, "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_both_packages_and_their_assets_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {Path(name).parts[0] for name in names} == {"nncore", "playground"}
    sources = {f"{path.relative_to(ROOT)}" for package in ("nncore", "playground") for path in code(package)}
    assets = {f"playground/{path.relative_to(ROOT)}" for path in (ROOT / "assets").rglob("*") if path.is_file()}
    data = {f"nncore/data/{path.name}" for path in (ROOT / "assets/data").iterdir()}
    assert assets
    assert data
    assert names == sources | assets | data


def code(package: str) -> list[Path]:
    return [path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_the_wheel_carries_the_licences_and_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        about = {name.split(".dist-info/")[1]: name for name in archive.namelist() if ".dist-info/" in name}
        assert "playground.cli:main" in archive.read(about["entry_points.txt"]).decode()
    assert {"licenses/LICENSE", "licenses/assets/fonts/LICENSE.txt"} <= set(about)


def test_installed_in_a_clean_environment_the_command_plays_a_demo_from_another_folder(wheel, tmp_path):
    clean, elsewhere = tmp_path / "clean", tmp_path / "elsewhere"
    elsewhere.mkdir()
    python = make_environment(clean, wheel)
    hidden = ("PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY")
    variables = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [python.with_name("nn-playground"), "--demo", "xor", "--for", "1", "--screenshot", "window.png"],
        cwd=elsewhere,
        env={**variables, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (elsewhere / "window.png").stat().st_size > 20_000
    where = "import nncore, playground; print(nncore.__file__, playground.__file__)"
    found = subprocess.run([python, "-c", where], cwd=elsewhere, env=variables, capture_output=True, text=True)
    assert all(Path(place).is_relative_to(clean) for place in found.stdout.split()), found.stdout


def make_environment(folder: Path, wheel: Path) -> Path:
    """A virtual environment with this wheel, and with the dependencies of the running one; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip("--python", str(python), "install", "--no-deps", "--no-index", "--quiet", str(wheel))
    # Nothing is downloaded: what the wheel depends on is borrowed, and comes after what is installed here.
    (site_packages,) = (folder / "lib").glob("python3*/site-packages")
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python
