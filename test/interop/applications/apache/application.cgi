#!/bin/sh
# An application that knows no tokens: Apache tells it in its environment who called. A list arrives with commas.
printf 'Content-Type: application/json\r\n\r\n'
printf '{"caller":"%s","roles":["%s"],"traits":%s}' "$REMOTE_USER" "$OIDC_CLAIM_roles" "$OIDC_CLAIM_traits"
