"""The lexicon that ships is the one the bank gives."""

from pathlib import Path

from training import bank, lexicon


def test_the_lexicon_that_ships_is_the_banks() -> None:
    written = Path(lexicon.OUT).read_text("utf-8").splitlines()
    assert written == list(lexicon.lines(bank.families())), "run python -m training.lexicon"
    assert len(written) > 700


def test_single_verbs_and_adjectives_are_taken_and_light_verbs_are_not() -> None:
    phrases = ["ban {o}", "object to {o}", "be loyal to {o}", "take part in {o}", "get {o}", "turn {o} down"]
    assert lexicon.verbs(phrases) == ["ban", "object", "loyal"]
