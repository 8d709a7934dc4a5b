"""What every kind of activity says about itself, so that nobody has to ask which kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from nn_tutor.course.ask import Ask
    from nn_tutor.network.quantities import Phase


class Common:
    """The facts that hold for any activity unless its own kind says otherwise: it has no passes and asks nothing."""

    __slots__ = ()

    kind: ClassVar[str]
    id: str
    step_groups_in_passes: ClassVar[bool] = False
    """Whether it stops at the single steps of a pass, so that prose may belong to one of them."""

    makes_passes: ClassVar[bool] = False
    """Whether the learner goes through its passes, one after the other."""

    is_run: ClassVar[bool] = False
    """Whether its passes run on before the learner's eyes, and not step by step."""

    changes_weights: ClassVar[bool] = False
    """Whether weights change before the learner's eyes, and with them what the network puts out."""

    works_numbers_out: ClassVar[bool] = False
    """Whether numbers of its network are worked out one by one: else that is only drawn, or runs."""

    is_noted: ClassVar[bool] = False
    """Whether it leaves nothing to look back at before something was noted in it."""

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of the exercises that it becomes, none where it stays what it is."""
        return ()

    @property
    def practised(self) -> tuple[str, ...]:
        """The skills of its exercises."""
        return ()

    @property
    def exercise(self) -> bool:
        """Whether it is an exercise, on numbers of its own."""
        return False

    @property
    def own(self) -> bool:
        """Whether it is a pass of the learner's own, which shows nothing but what it starts from."""
        return False

    @property
    def is_from_memory(self) -> bool:
        """Whether no rule counts as new, as it was taught before."""
        return self.exercise or self.own

    @property
    def span(self) -> range:
        """The numbers of the passes that it may show, none for an activity without passes."""
        return range(0)

    @property
    def certain_pass(self) -> int:
        """The last pass that it shows whatever the learner does; 1 for an activity without passes."""
        return self.span[-1] if self.span else 1

    @property
    def loss_to_reach(self) -> float | None:
        """The loss at which its passes end, None where they do not depend on it."""
        return None

    @property
    def accept(self) -> frozenset[str]:
        """The mistakes that its numbers may hide, as the author knows."""
        return frozenset()

    @property
    def allow_zero(self) -> bool:
        """Whether an answer of 0 is the point."""
        return False

    def asks_of(self, number: int) -> tuple[Ask, ...]:
        """Return what is asked in pass `number`."""
        return ()

    def reaches(self, phase: Phase) -> bool:
        """Whether it shows this part of a pass."""
        return True


class AtOnePass(Common):
    """An activity that belongs to a single pass, `pass_number`."""

    __slots__ = ()

    pass_number: int

    @property
    def span(self) -> range:
        """The one pass."""
        return range(self.pass_number, self.pass_number + 1)
