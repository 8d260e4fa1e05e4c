#!/bin/sh
# Charge a card through the Payment Mock API: PAYMENT_URL=... charge.sh AMOUNT CARD_NUMBER CUSTOMER
# Exit status: 0 paid, 1 refused, 2 declined or pending, 3 nobody knows.
set -u

post() {
    curl --silent --show-error --max-time 20 --header 'content-type: application/json' \
        --data "$2" "$PAYMENT_URL/api/v1/$1"
}

# The value of a field of flat JSON.
field() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

year=$(($(date +%Y) + 2))
address='{"street":"123 Main St","city":"New York","state":"NY","zip_code":"10001"}'
card="{\"card_number\":\"$2\",\"card_holder\":\"Shell\",\"expiry_month\":12,\"expiry_year\":$year,\"cvv\":\"123\"}"
customer="{\"customer_id\":\"$3\",\"email\":\"shell@example.com\",\"billing_address\":$address}"

stored=$(post tokenize "{\"card\":$card,\"customer\":$customer}") || exit 3
token=$(printf '%s' "$stored" | field token)
if [ -z "$token" ]; then
    echo "refused: $(printf '%s' "$stored" | field detail)"
    exit 1
fi

# An answer that is lost does not say that nothing was charged, so that nothing is tried again.
paid=$(post payments "{\"token\":\"$token\",\"amount\":$1,\"customer_id\":\"$3\"}") || {
    echo "unknown: look before you charge again"
    exit 3
}
case $(printf '%s' "$paid" | field status) in
    success) echo "paid: $(printf '%s' "$paid" | field transaction_id)" ;;
    failed | pending) echo "not paid: $(printf '%s' "$paid" | field message)" && exit 2 ;;
    *) echo "refused: $(printf '%s' "$paid" | field detail)" && exit 1 ;;
esac
