"""What one item owes while days pass and money comes in: principal, interest, indemnity. Start with `Owing`.

Facts are laid on it in order of their day. Interest is rounded by period; a period ends only where the principal or the
rate changes, so that the same facts give the same amounts whenever and in whatever order they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.debt_terms import INTEREST, PRINCIPAL, DebtTerms
from domain.debts import Item
from domain.interest import A_DAY, Period, accrued, periods_of, rate_on
from domain.legal_time import years_later
from domain.money import LARGEST_STATED

ZERO = Decimal(0)


@dataclass(slots=True)
class Owing:
    """`after` is the last day without interest (the due date, or the formal notice); None: none is borne."""

    item: Item
    terms: DebtTerms
    unit: Decimal  # the currency's smallest amount
    after: date | None
    principal: Decimal  # what is still owed of it
    opening: Decimal = ZERO  # contractual interest that came with the claim, and bears none itself
    credited: Decimal = ZERO
    paid: Decimal = ZERO
    corrected: Decimal = ZERO
    interest_paid: Decimal = ZERO
    interest_corrected: Decimal = ZERO
    charged: Decimal = ZERO  # the indemnity, once the item was late
    charge_source: str = ""
    charge_paid: Decimal = ZERO
    charge_corrected: Decimal = ZERO
    capital: Decimal = ZERO  # interest of whole years that bears interest, where agreed
    years: int = 0  # those that have been added
    begins: date | None = None  # `after` as it was at the start
    periods: list[Period] = field(default_factory=list)  # those that have ended
    ended: Decimal = ZERO  # interest of those
    is_judged: bool = False  # whether it was late is known

    # ---- what is owed ------------------------------------------------------------------------

    def accrued_on(self, day: date) -> Decimal:
        """All interest up to and including that day, with what came with the claim."""
        return self.opening + self.ended + self._open(day)

    def interest_on(self, day: date) -> Decimal:
        if self.terms.interest is None and not self.opening:
            return ZERO
        accrued = self.accrued_on(day)
        return accrued - self.interest_paid - self.interest_corrected if accrued else accrued

    def indemnity_owed(self) -> Decimal:
        return self.charged - self.charge_paid - self.charge_corrected

    def owed_on(self, day: date) -> Decimal:
        self._until(day)
        return self.principal + self.interest_on(day) + self.indemnity_owed()

    def rate_on(self, day: date) -> Decimal:
        """The yearly rate it bears on that day; zero when it bears none yet."""
        interest = self.terms.interest
        return ZERO if interest is None or self.after is None or day <= self.after else rate_on(interest, day)

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """Every period up to that day, for whoever wants to check the interest."""
        return (*self.periods, *self._open_periods(day))

    def _open(self, day: date) -> Decimal:
        """Interest of the period that has not ended."""
        base = self.principal + self.capital if self.capital else self.principal
        if self.terms.interest is None or self.after is None or day <= self.after or not base:
            return ZERO
        return accrued(self.terms.interest, self.after, day, base, self.unit)

    def _open_periods(self, day: date) -> tuple[Period, ...]:
        base = self.principal + self.capital
        if self.terms.interest is None or self.after is None or day <= self.after or not base:
            return ()
        return periods_of(self.terms.interest, self.after, day, base, self.unit)

    # ---- what changes it ---------------------------------------------------------------------

    def credit(self, most: Decimal) -> Decimal:
        """A credit note counts from the start: the invoice was too high."""
        part = min(most, self.principal)
        self.principal -= part
        self.credited += part
        return part

    def pay(self, to: str, most: Decimal, day: date) -> Decimal:
        """Lay money of that value date on one part of the debt; answers how much it took."""
        self._until(day)
        part = min(most, self._part(to, day))
        if not part:
            return ZERO
        if to == PRINCIPAL:
            self._end_period(day)
            self.principal -= part
            self.paid += part
        elif to == INTEREST:
            self.interest_paid += part
            self._less_capital(part, day)
        else:
            self.charge_paid += part
        return part

    def correct(self, to: str, most: Decimal, day: date) -> Decimal:
        """Reduce what is owed of one part from that day on; answers by how much."""
        self._until(day)
        part = min(most, self._part(to, day))
        if not part:
            return ZERO
        if to == PRINCIPAL:
            self._end_period(day)
            self.principal -= part
            self.corrected += part
        elif to == INTEREST:
            self.interest_corrected += part
            self._less_capital(part, day)
        else:
            self.charge_corrected += part
        return part

    def give_back(self, to: str, amount: Decimal) -> None:
        """What was paid on a charge made by mistake counts as corrected instead."""
        if to == PRINCIPAL:
            self.paid -= amount
            self.corrected += amount
        elif to == INTEREST:
            self.interest_paid -= amount
            self.interest_corrected += amount
        else:
            self.charge_paid -= amount
            self.charge_corrected += amount

    def close_on(self, day: date) -> None:
        """The statement's day has come."""
        self._until(day)

    def _part(self, to: str, day: date) -> Decimal:
        if to == PRINCIPAL:
            return self.principal
        return self.interest_on(day) if to == INTEREST else self.indemnity_owed()

    def _until(self, day: date) -> None:
        """Charge what the days before `day` bring: the indemnity once it is late, capital after whole years.

        Nothing was laid on it since the last time, so what is owed now was owed at the end of its due date.
        """
        if not self.is_judged and self.item.due_on is not None and self.item.due_on < day:
            self.is_judged = True
            if self.terms.indemnity and self.principal:
                self._charge(self.item.due_on + A_DAY)
        if self.terms.interest is not None and self.terms.interest.compounding and self.after is not None:
            self._capitalise(day)

    def _charge(self, late_on: date) -> None:
        """The fixed indemnity as it is in force on the first day of delay: once, whatever is paid later (D441-5)."""
        for span in self.terms.indemnity:
            if span.since <= late_on <= span.until and span.value is not None:
                self.charged, self.charge_source = span.value.quantize(self.unit), span.source

    def _end_period(self, day: date) -> None:
        self.ended += self._open(day)
        self.periods.extend(self._open_periods(day))
        if self.after is not None and day > self.after:
            self.after = day

    def _less_capital(self, part: Decimal, day: date) -> None:
        """Interest is paid the oldest first: what bears interest before what does not yet."""
        if self.capital:
            self._end_period(day)
            self.capital = max(ZERO, self.capital - part)

    def _capitalise(self, day: date) -> None:
        """At the end of each whole year of interest, what is unpaid of it bears interest itself (C. civ. 1343-2)."""
        if self.begins is None:
            self.begins = self.after
        while self.begins is not None and (ends := years_later(self.begins, self.years + 1)) <= day:
            came_with_it = max(ZERO, self.opening - self.interest_paid - self.interest_corrected)
            unpaid = self.interest_on(ends) - came_with_it
            self._end_period(ends)
            self.capital = min(unpaid, LARGEST_STATED)  # beyond, nobody owes it: it would outgrow every number
            self.years += 1
