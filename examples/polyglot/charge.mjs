// Charge a card through the Payment Mock API: PAYMENT_URL=... node charge.mjs AMOUNT CARD_NUMBER CUSTOMER
// Exit status: 0 paid, 1 refused, 2 declined or pending, 3 nobody knows.

const [amount, cardNumber, customerId] = process.argv.slice(2);

async function post(path, document) {
  const answer = await fetch(`${process.env.PAYMENT_URL}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(document),
    signal: AbortSignal.timeout(20_000),
  });
  return answer.json();
}

function end(status, words) {
  console.log(words);
  process.exitCode = status;
}

async function charge() {
  const stored = await post("tokenize", {
    card: {
      card_number: cardNumber,
      card_holder: "Node",
      expiry_month: 12,
      expiry_year: new Date().getFullYear() + 2,
      cvv: "123",
    },
    customer: {
      customer_id: customerId,
      email: "node@example.com",
      billing_address: { street: "123 Main St", city: "New York", state: "NY", zip_code: "10001" },
    },
  });
  if (!stored.token) return end(1, `refused: ${stored.detail}`);
  const order = { token: stored.token, amount: Number(amount), customer_id: customerId };
  const paid = await post("payments", order);
  if (paid.status === "success") return end(0, `paid: ${paid.transaction_id}`);
  if (paid.status) return end(2, `not paid: ${paid.message}`);
  return end(1, `refused: ${paid.detail}`);
}

// An answer that is lost does not say that nothing was charged, so that nothing is tried again.
charge().catch(() => end(3, "unknown: look before you charge again"));
