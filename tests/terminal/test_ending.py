"""The end of a lesson: what it came to in whole sentences, the dots that were won, and the way on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tutor.calculus.equality import disproves
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.find import Listing, find, shipped_paths
from nn_tutor.judging.diagnosis import as_sentence
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.progress.afterwards import Way, in_days, reviews_ahead, ways_on
from nn_tutor.progress.cards import Coming
from nn_tutor.progress.recall import Recalled
from nn_tutor.progress.recording import Gain
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.drawing.ink import Span, plain
from nn_tutor.terminal.drawing.scatter import HELD_OUT
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.practice import round_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.summary import NOTHING_NAMED, summary_of
from nn_tutor.walkthrough.skills import SKILLS, in_words
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, onward, right_answer
from tests.shipped_runs import shipped_run
from tests.terminal.frames import frame, see
from tests.tutor.test_autopilot import wrong_answers

GAINS = (Gain("chain", "●●○", 1), Gain("update", "●○○", -1), Gain("loss", "●●●", 0))


def ended(tmp_path: Path, *wrong: str) -> Session:
    """The end of a lesson in which each question about the new weight was first answered wrongly."""
    session = begin(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))
    while not session.is_over:
        question = session.question
        if question is not None and question.ref.quantity == "W":
            for text in wrong:
                session = session.answer(text)
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    return session


def drawn(
    session: Session,
    size: tuple[int, int],
    gains: tuple[Gain, ...] = GAINS,
    scrolled: int = 0,
    following: str = "2 Two pages",
) -> str:
    plan = plan_for(session, *size)
    setting = Setting(number=1, following=following, gains=gains)
    parts, _ = draw_parts(session, plan, Looks(scrolled=scrolled), setting)
    return plain([*parts["left"], *parts["footer"]])


@lru_cache
def ended_with_mistakes(place: int) -> Session:
    """The end of a shipped lesson in which each question was first answered with several mistakes."""
    session = begin(shipped_run(shipped_paths()[place - 1], disproves))
    while not session.is_over:
        for text in list(wrong_answers(session))[:8] if session.is_open else []:
            session = session.answer(text)
        session = onward(session)
    return session


def in_words_of(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def rules_of(session: Session) -> list[str]:
    return [" ".join(as_sentence(made.rule).split()) for made in summary_of(session).mistakes]


@pytest.mark.parametrize("place", [4, 12])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_mistake_is_told_to_its_end_where_there_are_lines_for_it(place: int, size: tuple[int, int]) -> None:
    session = ended_with_mistakes(place)
    gains = tuple(Gain(skill, "●○○", 1) for skill in session.lesson_run.lesson.skills)
    text = drawn(session, size, gains)
    assert len(rules_of(session)) >= 4
    assert "…" not in text
    for rule in rules_of(session):
        assert rule in in_words_of(text)


def test_the_next_lesson_is_named_without_half_a_word_behind_it() -> None:
    text = drawn(ended_with_mistakes(2), (120, 40), following="3 Slope, and the slope of a square")
    named = next(row.strip(" │").split("│")[0].rstrip() for row in text.splitlines() if "next  " in row)
    assert named.endswith("the slope of a square")
    assert "2 Two pages   enter opens it" in drawn(ended_with_mistakes(2), (120, 40))


def test_mistakes_that_have_no_room_are_scrolled_to() -> None:
    session = ended_with_mistakes(12)
    before, after = drawn(session, (80, 16)), drawn(session, (80, 16), scrolled=99)
    assert "↓ more" in before
    assert "↓ more" not in after
    assert rules_of(session)[-1] in in_words_of(after)
    assert "2 Two pages" in before
    assert "2 Two pages" in after


@pytest.mark.parametrize("width", [80, 120])
def test_skills_stand_in_columns_and_no_line_of_them_ends_in_a_sign(tmp_path: Path, width: int) -> None:
    gains = tuple(Gain(skill, "●●○", 1) for skill in tuple(SKILLS)[:7])
    rows = [row.rstrip(" │") for row in drawn(ended(tmp_path), (width, 40), gains).splitlines() if "●●○" in row]
    assert len({row.index("●") for row in rows}) == 1
    assert all(row.endswith("+1") for row in rows)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_mistakes_are_told_in_whole_sentences(tmp_path: Path, size: tuple[int, int]) -> None:
    text = drawn(ended(tmp_path, "3.302", "1.84"), size)
    words = " ".join(text.replace("│", " ").split())
    assert "Once: you added the step" in words or "Twice: you added the step" in words
    assert "…" not in text
    for sentence in (as_sentence(one.rule) for one in MISTAKES if f"you {one.name}." in words):
        assert sentence in words


def test_the_dots_that_were_won_and_lost_are_shown(tmp_path: Path) -> None:
    text = in_words_of(drawn(ended(tmp_path), (80, 24)))
    assert "the chain rule ●●○ +1" in text
    assert "the step of a weight ●○○ −1" in text
    assert "the loss ●●●" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the square brings a 2 down", "The square brings a 2 down."),
        ("a slope multiplies", "A slope multiplies."),
        ("o − y", "o − y."),
        ("w stays", "w stays."),
        ("∂L/∂w goes back", "∂L/∂w goes back."),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_but_a_symbol_stays(text: str, said: str) -> None:
    assert as_sentence(text) == said


def test_enter_at_the_end_opens_the_next_lesson(tmp_path: Path) -> None:
    page = '[[activity]]\nkind = "read"\nid = "one"\n'
    listings = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        lesson = make_lesson(
            folder,
            f'format_version = 1\nid = "page-{number}"\ntitle = "Page {number}"\n{page}',
            f"## Words {{#one}}\n\nThe words of page {number}.\n",
        )
        listings.append(Listing(lesson.id, lesson.title, "", folder))

    async def go_on(app: TutorApp, pilot: Pilot[None]) -> None:
        assert "go on to 2 Page 2" in frame(app).splitlines()[-1]
        await pilot.press("enter")
        assert "The words of page 2." in frame(app)
        await pilot.press("enter", "enter")
        assert "What does back-propagation actually do?" in frame(app)

    see("enter enter", lessons=tuple(listings), then=go_on)


WAYS = (
    Way("Review what is due: the chain rule", "nn-tutor review"),
    Way("Take the quiz over the course", "nn-tutor practice --quiz"),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_last_lesson_ends_with_what_can_be_done_next(size: tuple[int, int]) -> None:
    session = ended_with_mistakes(12)
    plan = plan_for(session, *size)
    for has_home in (True, False):
        setting = Setting(number=22, ways_on=WAYS, gains=GAINS, has_home=has_home)
        text = in_words_of(plain(draw_parts(session, plan, Looks(), setting)[0]["left"]))
        assert f"next {WAYS[0].said}" in text
        assert WAYS[1].said in text
        assert [way.command in text for way in WAYS] == [not has_home] * 2


def test_a_command_that_has_no_room_beside_its_words_stands_below_them_as_all_do() -> None:
    session = ended_with_mistakes(12)
    setting = Setting(number=22, ways_on=WAYS, has_home=False)
    for width, lines in ((80, 2), (60, 4)):
        text = plain(draw_parts(session, plan_for(session, width, 40), Looks(), setting)[0]["left"])
        rows = [row.strip() for row in text.partition("next ")[2].splitlines()[:lines]]
        beside = [f"{way.said}   {way.command}" for way in WAYS]
        assert rows == (beside if lines == 2 else [part for way in WAYS for part in (way.said, way.command)])


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_end_of_a_run_with_a_test_set_shows_both_losses(size: tuple[int, int]) -> None:
    session = begin(shipped_run(find("overfitting")))
    while not session.is_over:
        session = onward(session)
    summed = summary_of(session)
    assert len(summed.held_out) == len(summed.losses)
    lowest = min(range(len(summed.held_out)), key=lambda place: summed.held_out[place])
    assert 0 < lowest < len(summed.held_out) - 1  # that is what the lesson is about
    parts = draw_parts(session, plan_for(session, *size), Looks(), Setting())[0]
    said = f"test loss {numeral(summed.held_out[0])} → {numeral(summed.held_out[-1])} lowest in pass {lowest + 1}"
    assert said in in_words_of(plain(parts["left"]))
    roles = {
        span.role for name in ("left", "right") for row in parts[name] for span in row if "⠁" <= span.text[:1] <= "⣿"
    }
    assert {"loss", HELD_OUT} <= roles


def test_who_made_no_mistake_is_told_so(tmp_path: Path) -> None:
    assert "mistakes None. " in in_words_of(drawn(ended(tmp_path), (80, 24)))
    assert f"mistakes {NOTHING_NAMED}" in in_words_of(drawn(ended(tmp_path, "77777"), (80, 24)))


def spans_of(session: Session, size: tuple[int, int], setting: Setting) -> list[Span]:
    parts, _ = draw_parts(session, plan_for(session, *size), Looks(), setting)
    return [span for name in ("left", "right") for row in parts[name] for span in row]


@pytest.mark.parametrize("wrong", [("77777",), ()], ids=["wrong", "shown"])
@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_nobody_is_praised_whose_answers_were_wrong_or_shown(wrong: tuple[str, ...], size: tuple[int, int]) -> None:
    over = ended_round(*wrong)
    assert not summary_of(over).first_try
    said = [span.text for span in spans_of(over, size, Setting()) if span.role == "right"]
    assert said == []


REVIEWS = (Way("Due now: the loss", "nn-tutor review"), Way("Due in 3 days: the chain rule", ""))


@pytest.mark.parametrize("has_home", [True, False])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_end_of_a_round_says_what_to_look_at_when_it_is_due_and_what_the_keys_do(
    size: tuple[int, int], has_home: bool
) -> None:
    over = ended_round("77777")
    told = "".join(span.text for span in spans_of(over, size, Setting(ways_on=REVIEWS, has_home=has_home)))
    words = " ".join(told.replace("│", " ").split())
    asked = summary_of(over).questions
    assert f"{asked} questions, 0 right at the first try" in words
    assert f"again {in_words('update')}, missed {asked} of {asked}" in words
    assert "review Due now: the loss" in words
    assert "Due in 3 days: the chain rule" in words
    assert ("nn-tutor review" in words) is not has_home
    assert "enter another round, with fresh numbers" in words
    assert ("q back to the lessons" if has_home else "q quit") in words


def ended_round(*wrong: str) -> Session:
    """The end of a round in which each question was answered wrongly, or else shown."""
    session = begin(LessonRun(round_of("update", 5)))
    while not session.is_over:
        if session.is_open:
            for text in wrong:
                session = session.answer(text)
            session = session.reveal()
        session = session.postpone_retry().forward()
    return session


def test_what_can_be_done_next_comes_from_what_is_known(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, ONE_WEIGHT)
    listings = (Listing("first", "One", "", tmp_path), Listing(lesson.id, lesson.title, "", tmp_path))
    fresh = [way.said for way in ways_on(Recalled(), listings)]
    assert fresh[0] == "Not done yet: lesson 1, One, and 1 more"
    assert "Take the quiz over the course" in fresh
    standing = Standing({"loss": 3, "update": 1})
    known = Recalled(finished=frozenset(("first", lesson.id)), standing=standing, due=("loss",), quizzes=(3, 7))
    said = [way.said for way in ways_on(known, listings)]
    assert said[0] == f"Review what is due: {in_words('loss')}"
    assert said[1].startswith(f"Practise with fresh numbers: {in_words('update')} first")
    assert said[2] == "Take the quiz again to see what you gained: 3 of 8 were right the first time, 7 the last time"


def test_what_is_due_and_when_comes_from_what_is_known() -> None:
    assert reviews_ahead(Recalled()) == ()
    coming = (Coming("loss", 1), Coming("update", 1), Coming("chain", 3))
    assert [way.said for way in reviews_ahead(Recalled(coming=coming))] == [
        f"Nothing is due now. Due tomorrow: {in_words('loss')}, {in_words('update')}"
    ]
    due, next_due = reviews_ahead(Recalled(due=("sign",), coming=coming[2:]))
    assert (due.said, due.command) == (f"Due now: {in_words('sign')}", "nn-tutor review")
    assert (next_due.said, next_due.command) == (f"Due in 3 days: {in_words('chain')}", "")
    many = tuple(Coming(skill, 2) for skill in SKILLS[:9])
    assert reviews_ahead(Recalled(coming=many))[0].said.endswith(f"{in_words(SKILLS[3])}, 5 more")
    assert [in_days(days) for days in (0, 1, 13, 14, 60, 61)] == [
        "later today",
        "tomorrow",
        "in 13 days",
        "in 2 weeks",
        "in 8 weeks",
        "in 2 months",
    ]


def test_the_end_of_the_course_says_what_is_next(tmp_path: Path) -> None:
    lesson = make_lesson(
        tmp_path,
        'format_version = 1\nid = "page"\ntitle = "Page"\n[[activity]]\nkind = "read"\nid = "one"\n',
        "## Words {#one}\n\nWords.\n",
    )
    shown = see("enter enter", lessons=(Listing(lesson.id, lesson.title, "", tmp_path),))
    assert "next      Take the quiz over the course" in shown
    assert "Not done yet" not in shown


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_skill_is_cut_at_any_width(width: int) -> None:
    gains = tuple(Gain(skill, "●●○", 1) for skill in SKILLS[:11])
    rows = [row for row in drawn(ended_with_mistakes(4), (width, 60), gains).splitlines() if "●●○" in row]
    assert "…" not in "".join(rows)
    assert max(map(len, rows)) <= width
    assert sum(row.count("●●○ +1") for row in rows) == len(gains)
