"""Customers whose ids are masked for people, and who are still told apart."""

from hashlib import blake2b

from pytest_paymock._card_numbers import masked_text


def customer_of(sent: str, key: bytes) -> tuple[str, str]:
    """Return what may be kept of a customer's id: the text for people, and a mark.

    Two ids that look like card numbers may be one text when they are masked. The mark, a keyed
    hash of what was sent, tells them apart; it is empty where nothing had to be masked.

    Args:
        sent: the id, as a client or a test wrote it.
        key: that of the seed.

    >>> customer_of("cust_1", b"key")
    ('cust_1', '')
    """
    shown = masked_text(sent)
    if shown == sent:
        return sent, ""
    # JSON and tests may bring halves of surrogate pairs.
    text = sent.encode(errors="surrogatepass")
    mark = blake2b(text, key=key, digest_size=8, person=b"paymock customer").hexdigest()
    return shown, mark


class OfCustomer:
    """What belongs to a customer."""

    __slots__ = ()
    customer_id: str
    customer_mark: str

    @property
    def customer_key(self) -> str:
        """What is equal for the same customer only; ``customer_id`` is masked."""
        return self.customer_id + self.customer_mark
