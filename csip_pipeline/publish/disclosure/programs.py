"""Linear programs over one set of equations, put to HiGHS one after another.

The solver is made once and goes on from where it stood. SciPy's `linprog`, which is the same HiGHS,
makes it and checks the equations anew each time, which takes ten times as long as a program does.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from csip_pipeline.publish.disclosure.systems import Numbers

UNBOUNDED = (
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True)
class Answer:
    """A solution with the least goal; or that there is no least, or that there is no solution."""

    solution: Numbers | None
    is_unbounded: bool = False


class Program:
    """All x with `left` x = `right`, of which the least of one goal after another is asked.

    The same questions in the same order always give the same answers.
    """

    def __init__(self, left: csr_array, right: Numbers) -> None:
        """Hand the equations to a solver of their own."""
        height, width = left.shape
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = height, width
        model.col_cost_ = model.col_lower_ = np.zeros(width)
        model.col_upper_ = np.full(width, highspy.kHighsInf)
        model.row_lower_ = model.row_upper_ = right
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = left.indptr
        model.a_matrix_.index_ = left.indices
        model.a_matrix_.value_ = left.data
        self._columns = np.arange(width, dtype="int32")
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        self._solver.setOptionValue("threads", 1)
        self._solver.passModel(model)

    def least(self, goal: Numbers, lower: Numbers, upper: Numbers) -> Answer:
        """The x between two bounds with the least `goal` x."""
        solver, width = self._solver, len(self._columns)
        solver.changeColsCost(width, self._columns, goal)
        solver.changeColsBounds(width, self._columns, lower, upper)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return Answer(np.array(solver.getSolution().col_value))
        return Answer(None, is_unbounded=status in UNBOUNDED)
