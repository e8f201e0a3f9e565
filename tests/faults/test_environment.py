"""The same bytes whatever the machine's settings: zone, locale, hash seed, umask, folder, workers."""

import os
import shutil
import subprocess

import pytest

SHARE = float(os.environ.get("NBPROOF_FAULTS", "0.1"))
SOME = [] if SHARE >= 1 else ["02-timeline", "04-purposes"]


@pytest.fixture(scope="module")
def turkish(tmp_path_factory):
    """tr_TR.UTF-8, made here if the system has it not; in it I and i are two letters' capitals."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    if "tr_TR.utf8" in known:
        return {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}
    place = tmp_path_factory.mktemp("locale")
    if not shutil.which("localedef"):
        pytest.skip("no Turkish locale, and none can be made")
    made = subprocess.run(
        ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(place / "tr_TR.UTF-8")], capture_output=True, check=False
    )  # fmt: skip
    if made.returncode:
        pytest.skip("no Turkish locale, and none can be made")
    return {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LOCPATH": str(place)}


@pytest.fixture(scope="module")
def settled(make, tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("settled") / "study", *SOME)
    code, _, error = folder.run("reproduce")
    assert code == 0, error
    return folder, folder.results()


def modes(folder):
    return {oct(path.stat().st_mode & 0o777) for path in (folder.root / "figures").iterdir()}


SETTINGS = {
    "far west": {"TZ": "Pacific/Pago_Pago"},
    "far east": {"TZ": "Pacific/Kiritimati"},
    "no zone": {"TZ": "nonsense"},
    "C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 2": {"PYTHONHASHSEED": "4294967295"},
    "wide terminal": {"COLUMNS": "300", "LINES": "5"},
    "threads": {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"},
    "a reader's own matplotlib": {"MPLBACKEND": "svg"},
}
STRANGE = "İstanbul'da çalışma ığüşöç %s {0} $x$ #1"
# In continuous integration all at once; in full each by itself, so that a failure has one cause.
in_full = pytest.mark.skipif(SHARE < 1, reason="only in full")


def same(folder, expected, **how):
    shutil.rmtree(folder.root / "build")
    for place in ("figures", "data/processed"):
        for path in (folder.root / place).glob("[!d]*"):
            path.unlink()
    arguments = how.pop("arguments", [])
    code, _, error = folder.run("reproduce", "--force", *arguments, **how)
    assert code == 0, error
    got = folder.results()
    assert {name for name in expected if got.get(name) != expected[name]} == set()


def test_all_settings_at_once_change_no_byte(settled, tmp_path, turkish):
    folder, expected = settled
    chosen = ("far east", "hash seed 2", "wide terminal", "threads", "a reader's own matplotlib")
    environment = {name: value for key in chosen for name, value in SETTINGS[key].items()}
    moved = folder.copy(tmp_path / STRANGE)
    moved.root.joinpath("elsewhere").mkdir()
    same(
        moved,
        expected,
        environment={**environment, **turkish},
        before=["sh", "-c", 'cd elsewhere && exec "$@"', "sh"],
        arguments=["--workers", "1"],
        setup=lambda: os.umask(0o077),
    )


@pytest.mark.parametrize("name", SETTINGS)
@in_full
def test_a_setting_changes_no_byte(settled, tmp_path, name):
    folder, expected = settled
    same(
        folder.copy(tmp_path / "study"),
        expected,
        environment=SETTINGS[name],
    )


@in_full
@pytest.mark.parametrize("how", [[], ["--cold"]], ids=["warm", "cold"])
def test_the_turkish_locale_changes_no_byte(settled, tmp_path, turkish, how):
    folder, expected = settled
    same(folder.copy(tmp_path / "study"), expected, environment=turkish, arguments=how)


def test_the_turkish_locale_is_one(turkish):
    code = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"
    done = subprocess.run(["python3", "-c", code], env={**os.environ, **turkish}, capture_output=True, text=True, check=False)  # fmt: skip
    got = done.stdout.strip()
    expected = ","
    assert got == expected


@pytest.mark.parametrize("workers", [1, 5])
@in_full
def test_the_number_of_workers_changes_no_byte(settled, tmp_path, workers):
    folder, expected = settled
    same(folder.copy(tmp_path / "study"), expected, arguments=["--workers", str(workers)])


@in_full
def test_a_folder_with_spaces_and_turkish_letters_changes_no_byte(settled, tmp_path):
    folder, expected = settled
    moved = folder.copy(tmp_path / STRANGE)
    same(moved, expected, environment={"TMPDIR": str(tmp_path)})


@in_full
def test_the_working_directory_changes_no_byte(settled, tmp_path):
    folder, expected = settled
    moved = folder.copy(tmp_path / "study")
    moved.root.joinpath("elsewhere").mkdir()
    before = ["sh", "-c", 'cd elsewhere && exec "$@"', "sh"]
    same(moved, expected, before=before)


@in_full
@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_the_umask_changes_no_byte_and_is_kept(settled, tmp_path, umask):
    folder, expected = settled
    copied = folder.copy(tmp_path / "study")
    same(copied, expected, setup=lambda: os.umask(umask))
    got = modes(copied)
    expected = {oct(0o666 & ~umask)}
    assert got == expected
