"""Checks requests against botocore's models of Step Functions and Access Analyzer, and gives a meaningless answer to those that are valid.

    model_server.py PORT
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.get_session()
step_functions = session.get_service_model("stepfunctions")
access_analyzer = session.get_service_model("accessanalyzer")

ANSWERS = {
    "ValidateStateMachineDefinition": {"result": "OK", "diagnostics": []},
    "TestState": {"status": "SUCCEEDED", "output": "null", "nextState": "nowhere"},
    "ValidatePolicy": {"findings": []},
}


def beyond_limits(value, shape, path):
    """What ParamValidator leaves to the service: enumerations and greatest lengths."""
    if shape.type_name == "structure":
        return [fault for name, member in value.items() for fault in beyond_limits(member, shape.members[name], f"{path}.{name}")]
    faults = []
    if getattr(shape, "enum", None) and value not in shape.enum:
        faults.append(f"{path}: {value} is none of {shape.enum}")
    if shape.type_name == "string" and len(value) > shape.metadata.get("max", len(value)):
        faults.append(f"{path}: longer than {shape.metadata['max']}")
    return faults


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, {})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        target = self.headers.get("X-Amz-Target")
        name = target.split(".")[1] if target else "ValidatePolicy"
        operation = (step_functions if target else access_analyzer).operation_model(name)
        report = ParamValidator().validate(body, operation.input_shape)
        faults = report.generate_report() or "; ".join(beyond_limits(body, operation.input_shape, name))
        if faults:
            self.answer(400, {"__type": "ValidationException", "message": faults})
        else:
            self.answer(200, ANSWERS[name])

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        if status != 200:
            self.send_header("X-Amzn-ErrorType", body["__type"])
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
