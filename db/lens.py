"""The one place where reads are hidden and masked: a session seen through the eyes of who asks."""

from collections.abc import Iterator, MutableMapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ringwatch.db.database import NO_PARAMS, Params, Row, Session
from ringwatch.db.kinds import registry_of
from ringwatch.db.partner import PartnerEyes, not_for_partners
from ringwatch.db.record_pages import PagedRecord
from ringwatch.model.errors import RefusedError
from ringwatch.model.kinds import Registry
from ringwatch.model.snapshot import Ints, Longs
from ringwatch.model.visibility import ActorRole, BrandLens, Visibility
from ringwatch.values.mask import mask


class Lens:
    """Named queries over one picture of the database, and the masks that belong on what they return.

    ``eyes``: those of a partner, through which all of it is seen then.
    """

    def __init__(self, session: Session, who: Visibility, eyes: PartnerEyes | None = None) -> None:
        self._session = session
        self._who = who
        self._registry: Registry | None = None
        self.eyes = eyes

    @property
    def registry(self) -> Registry:
        """Return the kinds in force in this picture of the database."""
        self.check_sees_all()
        if self._registry is None:
            self._registry = registry_of(self._session)
        return self._registry

    def rows(self, name: str, params: Params = NO_PARAMS) -> list[Row]:
        """Return the rows of a query; whoever shows a value of them shows it through ``value``."""
        return self._session.rows(name, params) if self.eyes is None else self.eyes.rows(name, params)

    def ints(self, name: str, params: Params = NO_PARAMS) -> npt.NDArray[np.int64]:
        """Return the rows of a query whose columns are all integers."""
        self.check_sees_all()
        return self._session.ints(name, params)

    @property
    def picture_path(self) -> Path | None:
        """Where a picture of the graph may be kept, None where there is no such place."""
        self.check_sees_all()
        return self._session.picture_path

    def use_columns(self) -> tuple[Longs, Longs, Ints, Ints, Longs]:
        """Return the uses that stand, see ``Session.use_columns``; for those only who see everything."""
        self.check_sees_all()
        return self._session.use_columns()

    def value_kinds(self) -> Longs:
        """Return the number of the kind of every value, in the order of the values' numbers."""
        self.check_sees_all()
        return self._session.value_kinds()

    def may_see(self, kind: str) -> bool:
        """Say whether the asker may read values of a kind unmasked."""
        return self._who.personal_values or not self.registry[kind].is_personal

    def value(self, kind: str, value: str) -> str:
        """Return a value as the asker may see it; what a partner's eyes gave is a pseudonym already."""
        if not value or self.eyes is not None:
            return value
        return value if self.may_see(kind) else mask(self.registry[kind], value)

    def check_sees_all(self) -> None:
        """Raise RefusedError for a partner."""
        if self.eyes is not None:
            raise not_for_partners()


class Readable(Protocol):
    """What a door needs of a database."""

    def reading(self) -> AbstractContextManager[Session]:
        """Open a picture of the database at one moment."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Door:
    """Holds a database so that nothing reaches it but through a ``Lens``."""

    def __init__(self, database: Readable) -> None:
        self._database = database
        self._eyes: MutableMapping[BrandLens, PartnerEyes] | None = None  # kept where every look is on one picture

    @contextmanager
    def open(self, who: Visibility) -> Iterator[Lens]:
        """Open one picture of the database for ``who``; RefusedError for a partner without a lens."""
        with self._database.reading() as session:
            yield Lens(session, who, self._eyes_of(session, who))

    def _eyes_of(self, session: Session, who: Visibility) -> PartnerEyes | None:
        if who.lens is None:
            if who.role is ActorRole.PARTNER:
                raise not_for_partners()
            return None
        if self._eyes is None:
            return PartnerEyes(session, who.lens)
        return self._eyes.setdefault(who.lens, PartnerEyes(session, who.lens))

    def record(self, who: Visibility) -> AbstractContextManager[PagedRecord]:
        """Open what was decided about stores, in one picture; RefusedError for those who may not see all of it."""
        if who.role is ActorRole.PARTNER:
            raise not_for_partners()
        if not who.personal_values:
            raise RefusedError("record: plans hold personal values unmasked, which this role may not see; ask another")
        return self._record()

    @contextmanager
    def _record(self) -> Iterator[PagedRecord]:
        with self._database.reading() as session:
            yield PagedRecord(session)

    @contextmanager
    def at_one_moment(self) -> Iterator["Door"]:
        """Yield a door through which every look falls on the picture of this moment; for one thread."""
        with self._database.reading() as session:
            door = Door(_OneMoment(session))
            door._eyes = {}
            yield door

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


class _OneMoment:
    """A database that shows one picture of itself, however often it is looked at."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reading(self) -> AbstractContextManager[Session]:
        """Return the picture."""
        return nullcontext(self._session)

    def close(self) -> None:
        """Leave the picture to who opened it."""
