#!/usr/bin/env bash
# The API's document is valid OpenAPI and tells what the server answers (openapi_test.py).
set -eu
. "$(dirname "$0")/serve.sh"
URL=$url /usr/bin/python3 "$(dirname "$0")/openapi_test.py"
