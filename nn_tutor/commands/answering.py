"""`questions` and `answer`: the questions of a lesson without a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nn_tutor.commands.common import DONE, USAGE, data_directory, load_named, print_json, print_lines, say, tell

if TYPE_CHECKING:
    from nn_tutor.tutor.lesson_run import LessonRun


def questions(options: argparse.Namespace) -> int:
    """List every question of a lesson with its id; returns the exit status."""
    from nn_tutor.tutor.asking import list_questions
    from nn_tutor.tutor.choosing import LETTERS
    from nn_tutor.tutor.exercises import with_exercises
    from nn_tutor.tutor.lesson_run import LessonRun

    lesson_run = LessonRun(with_exercises(load_named(options.lesson, data_directory(options))))
    listed = list(list_questions(lesson_run))
    if options.json:
        print_json(
            [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "activity": one.activity,
                    "pass": one.pass_number,
                    "phase": one.phase,
                    "quantity": one.quantity,
                    "layer": one.layer,
                    "index": None if one.index is None else list(one.index),
                    "skill": one.skill,
                    "prompt": one.prompt,
                    "decimals": one.decimals,
                    "options": None if one.options is None else list(one.options),
                    "note": one.note,
                }
                for one in listed
            ]
        )
        return DONE
    width = max((len(one.id) for one in listed), default=0)
    for one in listed:
        decimals = "" if one.decimals is None else f"  ({one.decimals} decimals)"
        note = "" if one.note is None else f"  ({one.note})"
        print_lines([f"{one.id:<{width}}  {one.prompt}{decimals}{note}"])
        print_lines(
            f"{'':<{width}}  {letter}  {text}" for letter, text in zip(LETTERS, one.options or (), strict=False)
        )
    return DONE


def answer(options: argparse.Namespace) -> int:
    """Judge one answer, or with --batch as many as come; returns the exit status."""
    if options.batch != (options.question is None and options.text is None) or (
        not options.batch and options.text is None
    ):
        say("give QUESTION and TEXT, or --batch and neither; nn-tutor questions LESSON lists the ids")
        return USAGE
    from nn_tutor.calculus.disproving import disproves
    from nn_tutor.tutor.exercises import with_exercises
    from nn_tutor.tutor.lesson_run import LessonRun

    lesson_run = LessonRun(with_exercises(load_named(options.lesson, data_directory(options))), disproves=disproves)
    if options.batch:
        return _answer_batch(lesson_run)
    earlier = {}
    for text in options.earlier:
        name, _, value = text.rpartition("=")
        earlier[name] = value
    try:
        judged = _judged(lesson_run, options.question, options.text, earlier)
    except (LookupError, ValueError) as error:
        say(str(error.args[0]))
        return USAGE
    if options.json:
        print_json(judged, indent=None)
    else:
        tell(f"{judged['verdict']}: {judged['message']}")
    return DONE


def _answer_batch(lesson_run: LessonRun) -> int:
    """Judge JSON lines until the input ends; a line that cannot be judged is answered with an error, and status 2."""
    import json

    status = DONE
    for number, text in enumerate(sys.stdin, start=1):
        if not text.strip():
            continue
        asked = None
        try:
            content = json.loads(text)
            if not isinstance(content, dict):
                raise ValueError('a line is an object: {"question": …, "text": …}')
            asked = content.get("question")
            given = content.get("text")
            if not isinstance(asked, str) or not isinstance(given, str):
                raise ValueError('"question" and "text" are both needed, as texts')
            print_json(_judged(lesson_run, asked, given, content.get("earlier") or {}), indent=None)
        except (LookupError, ValueError, AttributeError, RecursionError) as error:
            status = USAGE
            print_json({"question": asked, "error": f"line {number}: {error.args[0]}"}, indent=None)
    return status


def _judged(lesson_run: LessonRun, question: str, text: str, earlier: Mapping[str, object]) -> dict[str, object]:
    """Judge one answer as the contract says; raises LookupError or ValueError with what is wrong with the question."""
    from nn_tutor.judging.reading import ReadingError, read
    from nn_tutor.judging.visible import quote
    from nn_tutor.tutor.asking import earlier_numbers, find_question, judge_listed

    listed = find_question(lesson_run, question)
    if listed is None:
        raise LookupError(
            f"there is no question {quote(question, 80)}: nn-tutor questions {lesson_run.lesson.id} lists them"
        )
    values = {}
    for name, value in earlier.items():
        try:
            values[name] = read(str(value)).value
        except ReadingError as error:
            raise ValueError(f"the earlier value of {quote(name, 80)}: {error.message}") from None
    judgement = judge_listed(lesson_run, listed, text, earlier_numbers(lesson_run, listed, values))
    return {
        "question": question,
        "verdict": judgement.verdict,
        "mistakes": list(judgement.mistakes),
        "message": judgement.message,
        "value": judgement.value,
    }
