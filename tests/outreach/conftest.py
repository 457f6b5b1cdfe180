from tests.outbox.conftest import committed as committed
from tests.outbox.conftest import smtp as smtp
