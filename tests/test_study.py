import pytest

from nbproof import study


def test_a_study_is_found_from_a_folder_inside_it(collection):
    got = study.find(collection.notebooks)
    expected = collection
    assert got == expected


def test_a_folder_without_data_is_no_study(tmp_path):
    with pytest.raises(study.StudyError, match="no study here"):
        study.find(tmp_path)


def test_paths_are_named_relative_to_the_study(collection):
    got = collection.name(collection.data / "raw" / "x.csv")
    expected = "data/raw/x.csv"
    assert got == expected


def test_a_path_outside_keeps_its_whole_name(collection, tmp_path):
    got = collection.name(tmp_path)
    expected = str(tmp_path)
    assert got == expected


@pytest.mark.parametrize("named", ["shutil:rmtree", "os:system", "nbproof.files:write_bytes"])
def test_outputs_call_no_function_of_others(collection, named):
    with pytest.raises(study.StudyError, match="no part of this study's packages"):
        collection.own(named)


def test_outputs_may_name_what_is_the_study_s(collection):
    got = collection.own("ankara.evidence:with_statements").__name__
    expected = "with_statements"
    assert got == expected
