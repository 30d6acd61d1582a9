"""moto's server, with shims for what its Step Functions lack.

    SERVICES_URL=... WAIT_SCALE=... on_moto.py MOTO-SERVER-OPTION...
"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request

import boto3
from moto.core.config import default_user_config
from moto.server import main
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk as aws_sdk
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse import asl_parser

SERVICES = os.environ["SERVICES_URL"]
SCALE = float(os.environ["WAIT_SCALE"])


# moto's setting for running executions.
default_user_config["stepfunctions"]["execute_state_machine"] = True


# 1. The evaluator of JSONata is not connected (getmoto/moto#10105).
def evaluate(expression):
    request = urllib.request.Request(f"{SERVICES}/jsonata", data=expression.encode(), headers={"Content-Type": "text/plain"})
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response).get("value")
    except urllib.error.HTTPError as error:
        raise jsonata.JSONataException("JSONata", error.read().decode()) from error


jsonata._eval_jsonata = evaluate

# 2. It takes `$`, the current value in a predicate, for the forbidden reference to the whole input.
jsonata._ILLEGAL_VARIABLE_REFERENCES.discard("$")

# 3. Errors have the service's name as in the ARN, in lower case.
aws_sdk._SERVICE_ERROR_NAMES |= {"account": "Account", "organizations": "Organizations"}

# 4. Account Management and Organizations are served elsewhere: moto's refuse no call and return no Paths.
own_client = aws_sdk.boto_client_for


def client(region, service, state_credentials=None):
    if service not in ("account", "organizations"):
        return own_client(region, service, state_credentials)
    return boto3.client(service, region_name=region, endpoint_url=SERVICES, aws_access_key_id="ak", aws_secret_access_key="sk")


aws_sdk.boto_client_for = client

# 5. The API of Step Functions has members in camel case, which a state machine writes in Pascal case.
call = aws_sdk.StateTaskServiceAwsSdk._eval_service_task


def recase(change, value):
    if isinstance(value, dict):
        return {change(name[0]) + name[1:]: recase(change, member) for name, member in value.items()}
    return [recase(change, item) for item in value] if isinstance(value, list) else value


def call_recased(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    if self.resource.api_name != "sfn":
        return call(self, env, resource_runtime_part, normalised_parameters, state_credentials)
    call(self, env, resource_runtime_part, recase(str.lower, normalised_parameters), state_credentials)
    env.stack.append(recase(str.upper, env.stack.pop()))


aws_sdk.StateTaskServiceAwsSdk._eval_service_task = call_recased

# 6. Its grammar has no EXPRESS children, and percentages only as decimal fractions. It runs EXPRESS and STANDARD children alike.
input_stream = asl_parser.InputStream


def rewritten(definition):
    definition = definition.replace('"ExecutionType":"EXPRESS"', '"ExecutionType":"STANDARD"')
    return input_stream(re.sub(r'("ToleratedFailurePercentage":\d+)(?=[,}])', r"\1.0", definition))


asl_parser.InputStream = rewritten

# 7. Waits and retries take a fraction of their time: failed accounts are tried again over half an hour.
WaitFunction._wait_interval = lambda self, env, wait_seconds: env.program_state_event.wait(wait_seconds * SCALE)
retrier_decl.time = type("ScaledTime", (), {"sleep": staticmethod(lambda seconds: time.sleep(seconds * SCALE))})

sys.exit(main(sys.argv[1:]))
