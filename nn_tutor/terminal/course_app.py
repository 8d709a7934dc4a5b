"""The course in the app: its lessons, one after the other, rounds of practice, and what home shows of both."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import SystemCommand
from textual.screen import Screen

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.messages import Outlined, Recalling
from nn_tutor.terminal.own_network import OwnNetworkApp
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.terminal.screens.lesson import LessonScreen


MIX, DUE, LEFT, QUIZ = "mix", "due", "left", "quiz"
"""What is asked where no skill is named: everything, what is due, the round that was left, the quiz over the course."""


class CourseApp(OwnNetworkApp):
    """An app that opens the lessons of a course and rounds of practice, and comes home from them."""

    def __init__(self, lessons: Sequence[Listing], directory: Path | None = None) -> None:
        super().__init__(directory)
        self.lessons = lessons
        self.practice: tuple[str, int] | None = None
        self.recalled: Recalled | None = None
        self.farewell = ""
        """What is said once the screen is gone."""

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer in the palette the keys, and what can be opened from home."""
        yield SystemCommand("Keys", "What every key does, and what the letters mean", self.show_keys)
        yield from super().get_system_commands(screen)
        if not isinstance(self.screen_stack[0], HomeScreen):
            return
        if screen is not self.screen_stack[0]:
            yield SystemCommand("Home", "Back to the list of lessons", self.go_home)
        for number, listing in enumerate(self.lessons, start=1):
            name = f"Lesson {number:>2}  {visible(listing.title)}"
            yield SystemCommand(name, visible(listing.summary), partial(self.leave_for, number))
        yield SystemCommand("Practise", "Fresh questions on what you have met", partial(self.leave_for, MIX))
        if self.recalled is not None and self.recalled.due:
            due = ", ".join(map(in_words, self.recalled.due))
            yield SystemCommand("Review", f"Due: {due}", partial(self.leave_for, DUE))
        if self.recalled is not None and self.recalled.left_round is not None:
            yield SystemCommand("Go on", "The round that you left", partial(self.leave_for, LEFT))
        yield SystemCommand("Quiz", "Over the course: before it, and after it", partial(self.leave_for, QUIZ))
        form = partial(self.leave_for, "form")
        yield SystemCommand("Your own network", "Type the network of your exercise sheet", form)

    def show_keys(self) -> None:
        """Show what every key does."""
        from nn_tutor.terminal.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    def go_home(self) -> None:
        """Leave whatever is open; a lesson is remembered where it stands."""
        while not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        self.come_home()

    def leave_for(self, what: int | str) -> None:
        """Leave what is open for a lesson, by its number, for a round of practice, or for the form of a network."""
        self.go_home()
        if isinstance(what, int):
            self.open_listing(what)
        elif what == "form":
            self.do_with_own(HomeScreen.Own("new", None))
        else:
            self._practise(what, int(time.time()) % 1_000_000)

    @on(HomeScreen.Chosen)
    def open_chosen(self, event: HomeScreen.Chosen) -> None:
        """Open the lesson that was chosen, or say why it cannot be."""
        self.open_listing(event.number)

    def open_listing(self, number: int) -> None:
        """Open a lesson of the course by its number, counted from 1."""
        from nn_tutor.course.load import load_once

        self.or_say(lambda: self._open(load_once(self.lessons[number - 1].path), number))

    @on(HomeScreen.Practise)
    def open_practice(self, event: HomeScreen.Practise) -> None:
        """Begin a round: of what is due, a mix, the quiz; or go on with the one that was left."""
        self._practise(event.kind, int(time.time()) % 1_000_000)

    @on(HomeScreen.TestOut)
    def open_test(self, event: HomeScreen.TestOut) -> None:
        """Begin a test on a lesson: who passes goes on with the next one, who does not with the lesson itself."""
        from nn_tutor.tutor.testing import TEST_OUT

        self.or_say(lambda: self._practise(f"{TEST_OUT}{event.listing.id}", int(time.time()) % 1_000_000))

    @on(Recalling)
    def take_recalled(self, event: Recalling) -> None:
        """Show what was remembered: at home, and the dots in a lesson that was opened before it was known."""
        self.recalled = event.recalled
        for screen in self.screen_stack:
            if hasattr(screen, "stand_on"):
                screen.stand_on(event.recalled.standing)
            if isinstance(screen, HomeScreen):
                screen.remember(
                    event.recalled, event.continuation, "" if self._recorder is None else self._recorder.message
                )

    @on(Outlined)
    def take_outlines(self, event: Outlined) -> None:
        """Show at home what the lessons are at a glance."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.outline(event.outlines)

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson outside the course."""
        self._open(lesson, None)

    def _open(self, lesson: Lesson, number: int | None) -> None:
        from nn_tutor.terminal.opening import lesson_screen

        screen = lesson_screen(lesson, number, self.lessons, self.recorder, self.recalled, self.deriver)
        self.push_screen(screen, callback=partial(self._left_lesson, number))

    def _practise(self, skill: str, seed: int) -> None:
        """Open a round of questions."""
        from nn_tutor.terminal.opening import practice_screen
        from nn_tutor.tutor.practice import NOTHING_MET
        from nn_tutor.tutor.testing import NOTHING_TO_TEST, TEST_OUT

        self.practice = (skill, seed)
        nothing = NOTHING_TO_TEST if skill.startswith(TEST_OUT) else NOTHING_MET
        if self.recalled is None:
            self.recalled = self.recorder.recall()
        screen = practice_screen(skill, seed, self.recorder, self.recalled, self.deriver)
        if screen is not None:
            screen.look_ahead = self._reviews_ahead
            test = screen.session.lesson_run.test
            left = self._left_practice if test is None else partial(self._left_test, screen, test.lesson)
            self.push_screen(screen, callback=left)
        elif isinstance(self.screen, HomeScreen):
            self.screen.say(nothing)
        else:
            self.farewell = nothing
            self.exit()

    def _reviews_ahead(self) -> tuple[Way, ...]:
        """What is due now and next, at the end of a round; another round goes by the same."""
        from nn_tutor.progress.afterwards import reviews_ahead

        self.recalled = self.recorder.recall()
        return reviews_ahead(self.recalled)

    def _left_practice(self, wants_more: str | None) -> None:
        if wants_more and self.practice is not None:
            skill, seed = self.practice
            self._practise(skill, seed + 1)
        else:
            self.come_home()

    def _left_test(self, screen: LessonScreen, tested: str, wants_more: str | None) -> None:
        """Go on with the lesson after the one that was tested, or with that one where the test was not passed."""
        from nn_tutor.tutor.testing import result_of_session

        place = next((place for place, listing in enumerate(self.lessons) if listing.id == tested), None)
        number = 0 if place is None else place + 1 + result_of_session(screen.whole).is_passed
        if wants_more and 0 < number <= len(self.lessons):
            self.recalled = self.recorder.recall()
            self.open_listing(number)
        else:
            self.come_home()

    def _left_lesson(self, number: int | None, wants_more: str | None) -> None:
        """Go on with the next lesson where that is wanted, else home."""
        if wants_more and number is not None and number < len(self.lessons):
            self.recalled = self.recorder.recall()  # with what was just learned
            self.open_listing(number + 1)
        else:
            self.come_home()

    def come_home(self) -> None:
        """Show at home what was done; without a home the program ends."""
        if isinstance(self.screen, HomeScreen):
            self.recall_anew()
        else:
            self.exit()

    def recall_anew(self) -> None:
        """Show at home what the log comes to now."""
        self.run_worker(self._recall, thread=True, exit_on_error=False)

    def _recall(self) -> None:
        from nn_tutor.terminal.opening import continuation

        recalled = self.recorder.recall()
        self.post_message(Recalling(recalled, continuation(recalled, self.lessons)))
