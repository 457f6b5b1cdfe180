import pytest

from i2a import files


@pytest.fixture(autouse=True)
def directory(settings, tmp_path):
    settings.I2A_FILES_DIR = str(tmp_path / "files")
    return tmp_path / "files"


def test_what_is_kept_is_read_again_by_its_fingerprint():
    assert files.read(files.keep(b"%PDF-1.7")) == b"%PDF-1.7"


def test_the_same_bytes_are_one_file_and_nothing_unfinished_stays(directory):
    assert files.keep(b"same") == files.keep(b"same")

    assert len([path for path in directory.rglob("*") if path.is_file()]) == 1


def test_a_file_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(files.Missing):
        files.read("0" * 64)
