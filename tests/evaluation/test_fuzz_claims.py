from __future__ import annotations

from evaluation import fuzz_claims, preference_changes
from huaxiang.ledger.verify import verify
from huaxiang.schema.pack import load_pack

NEVER = ("quote", "offset", "value", "speaker", "staff", "whom", "instruction")


def test_a_hostile_model_gets_nothing_false_past_the_check():
    results = fuzz_claims.run(600, seed=11)
    found = fuzz_claims.figures(results)
    assert all(found[kind]["claims"] > 0 for kind in fuzz_claims.KINDS)
    assert [kind for kind in NEVER if found[kind]["believed"]] == []
    assert found["negation"]["share"] <= 0.02
    assert found["true"]["share"] >= 0.95


def test_claims_are_the_same_for_the_same_seed_and_labelled_by_how_they_were_made():
    pack = load_pack("retail")
    one, other = (list(fuzz_claims.make(50, 3, pack)) for _ in range(2))
    assert one == other and {claim.true for claim in one} == {True, False}


def test_every_false_claim_about_a_quote_names_words_that_are_not_there():
    for claim in fuzz_claims.make(400, 5, load_pack("retail")):
        if claim.kind == "quote":
            assert claim.candidate.quote not in claim.evidence.clean
            assert verify(claim.candidate, claim.evidence, load_pack("retail")).reason_code == "quote_not_found"


def test_preference_changes_move_what_they_name_and_nothing_else(tmp_path):
    found = preference_changes.figures(preference_changes.run(preference_changes.load("tuning"), tmp_path / "shop"))
    assert found["cases"] == 100
    assert found["slot_and_value"]["share"] >= 0.95
    assert found["deleted"]["share"] == 1.0
    assert found["untouched_changed"] == 0


def test_half_of_the_cases_are_held_out_and_the_languages_are_equal():
    tuning, heldout = preference_changes.load("tuning"), preference_changes.load("heldout")
    assert len(tuning) == len(heldout) == 100
    assert {one.case_id for one in tuning}.isdisjoint(one.case_id for one in heldout)
    for part in (tuning, heldout):
        assert sum(one.language == "zh" for one in part) == 50
