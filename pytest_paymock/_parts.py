"""What every fake consists of, whatever the door through which it is called."""

from pytest_paymock._api.base_url import parse_base_url
from pytest_paymock._api.profiles import PROFILES
from pytest_paymock._checks.checks import Checks
from pytest_paymock._engine.clock import Clock
from pytest_paymock._engine.engine import Engine
from pytest_paymock._engine.journal import Journal
from pytest_paymock._exchange import Gateway, Tell
from pytest_paymock._explore.process import Lives
from pytest_paymock._intercept.mount import Mount
from pytest_paymock._options import Settings
from pytest_paymock._records.assertions import Assertions
from pytest_paymock._records.ledger import Ledger
from pytest_paymock._script.arranging import Arranging
from pytest_paymock._script.faults import FaultScript
from pytest_paymock._script.outcomes import OutcomeScript
from pytest_paymock._text import tables


class Parts:
    """The parts of one fake, put together. All of them share its journal.

    Args:
        settings: the options.
        faults: makes the script of faults.
        tell: is told of every exchange, None if nobody is.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        faults: type[FaultScript] = FaultScript,
        tell: Tell | None = None,
    ) -> None:
        profile = PROFILES[settings.profile]
        self.settings = settings
        self.journal = Journal()
        self.clock = Clock(settings.clock, self.journal)
        self.outcomes = OutcomeScript(
            self.journal,
            seed=settings.seed,
            success_rate=settings.success_rate,
            streams=settings.streams,
        )
        self.faults = faults(self.journal)
        self.engine = Engine(
            self.journal, self.outcomes.decide, seed=settings.seed, rules=profile.rules
        )
        self.gateway = Gateway(
            self.journal,
            self.engine,
            self.clock,
            self.faults,
            profile=profile,
            base_url=settings.base_url,
            real_latency=settings.real_latency,
            tell=tell,
        )
        self.mount = Mount(
            parse_base_url(settings.base_url),
            self.gateway,
            settings.network,
            settings.allow_hosts,
            settings.lazy_tls,
        )
        self.lives = Lives()
        self.gateway.processes = self.lives
        self.ledger = Ledger(self.journal, tables.not_one)
        self.arranging = Arranging(self.journal, self.clock, self.engine, self.ledger)
        self.assertions = Assertions(self.ledger)
        self.checks = Checks(
            settings,
            journal=self.journal,
            ledger=self.ledger,
            outcomes=self.outcomes,
            faults=self.faults,
            cards=self.engine.cards,
            mount=self.mount,
            lives=self.lives,
        )
