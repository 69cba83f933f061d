"""Helpers of aws.sh.

aws.py key PORT             makes a user in moto and prints the id and the secret of its access key
aws.py bedrock LOG          a server that answers as STS and Bedrock do, prints its port, and
                            records every request as a line of JSON
aws.py compare LOG SECRET   signs each recorded request with botocore and compares
aws.py chain KEYWRIGHT      asks botocore and `keywright why aws` which credential is taken on each
                            of many machines, and prints where they differ
"""
import http.server
import json
import sys


def key(port):
    import botocore.session
    session = botocore.session.get_session()
    iam = session.create_client("iam", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{port}",
                                aws_access_key_id="any", aws_secret_access_key="any")
    iam.create_user(UserName="made-up")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName="made-up", PolicyName="all", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName="made-up")["AccessKey"]
    print(made["AccessKeyId"], made["SecretAccessKey"])


MODEL = "anthropic.claude-made-up-20260101-v1:0"
ANSWERS = {
    "foundation-models": {"modelSummaries": [{
        "modelId": MODEL, "modelName": "Made up", "inferenceTypesSupported": ["INFERENCE_PROFILE"],
        "modelLifecycle": {"status": "ACTIVE"}}]},
    "inference-profiles": {"inferenceProfileSummaries": [
        {"inferenceProfileId": f"us.{MODEL}", "status": "ACTIVE", "type": "SYSTEM_DEFINED"}]},
    "foundation-model-availability": {
        "agreementAvailability": {"status": "AVAILABLE"}, "authorizationStatus": "AUTHORIZED",
        "regionAvailability": "AVAILABLE", "entitlementAvailability": "AVAILABLE"},
    "use-case-for-model-access": {"formData": ""},
    "model": {"inputTokens": 3},
}
IDENTITY = ("<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/made-up</Arn>"
            "<UserId>AIDA</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")


def bedrock(log):
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            with open(log, "a") as file:
                file.write(json.dumps({"method": self.command, "path": self.path, "body": body,
                                       "headers": {k.lower(): v for k, v in self.headers.items()}}) + "\n")
            part = self.path.split("?")[0].strip("/").split("/")[0]
            kind = "text/xml" if part == "" else "application/json"
            reply = (IDENTITY if part == "" else json.dumps(ANSWERS.get(part, {}))).encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    open(log, "a").close()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def compare(log, secret):
    """One word for each request: its path's first part, and `equal` or `differs`."""
    import datetime
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
    for line in open(log):
        request = json.loads(line)
        headers = request["headers"]
        authorization = headers["authorization"]
        scope = authorization.split("Credential=")[1].split(",")[0].split("/")
        signed = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
        token = headers.get("x-amz-security-token")
        url = f"http://{headers['host']}{request['path']}"
        wanted = {name: headers[name] for name in signed
                  if name not in ("host", "x-amz-date", "x-amz-security-token")}
        again = botocore.awsrequest.AWSRequest(request["method"], url, wanted, request["body"] or None)
        time = datetime.datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ")

        class Then(datetime.datetime):
            @classmethod
            def utcnow(cls):
                return time

            @classmethod
            def now(cls, _=None):
                return time.replace(tzinfo=datetime.timezone.utc)

        botocore.auth.datetime = type("module", (), {"datetime": Then, "timezone": datetime.timezone})
        if hasattr(botocore.auth, "get_current_datetime"):
            botocore.auth.get_current_datetime = lambda *_, **__: time
        credentials = botocore.credentials.Credentials(scope[0], secret, token)
        botocore.auth.SigV4Auth(credentials, scope[3], scope[2]).add_auth(again)
        equal = again.headers["Authorization"].split("Signature=")[1] == authorization.split("Signature=")[1]
        part = request["path"].split("?")[0].strip("/").split("/")[0] or "sts"
        print(part, "equal" if equal else "differs")


PAIR = {"AWS_ACCESS_KEY_ID": "AKIAMADEUPMADEUPMADE", "AWS_SECRET_ACCESS_KEY": "made-up"}
KEYS = "aws_access_key_id=AKIAMADEUPMADEUPMADE\naws_secret_access_key=made-up\n"
SIGN_IN = "sso_session=corp\nsso_account_id=123456789012\nsso_role_name=dev\n"
SESSION = "[sso-session corp]\nsso_start_url=https://corp.example\nsso_region=us-east-1\n"
ROLE = "role_arn=arn:aws:iam::123456789012:role/a\n"
IDENTITY_TOKEN = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/passwd", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"}
# Variables, the config file, the credentials file; the two files without their `[default]`.
MACHINES = [
    (PAIR, "", ""), (PAIR, "", KEYS), ({"AWS_ACCESS_KEY_ID": "AKIA"}, "", KEYS),
    ({"AWS_SECRET_ACCESS_KEY": "x"}, "", KEYS), ({**PAIR, "AWS_PROFILE": "gone"}, "", ""),
    ({"AWS_PROFILE": ""}, "", KEYS), ({**PAIR, "AWS_SESSION_TOKEN": ""}, "", ""),
    (IDENTITY_TOKEN, ROLE + "source_profile=q\n[profile q]\n" + KEYS, ""),
    (IDENTITY_TOKEN, SIGN_IN + SESSION, KEYS), ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/passwd"}, "", KEYS),
    ({}, SIGN_IN + SESSION, KEYS), ({}, "sso_start_url=x\n" + KEYS, ""), ({}, "sso_account_id=1\n" + KEYS, ""),
    ({}, "credential_process=/bin/false\n", KEYS), ({}, KEYS, ""), ({}, "aws_access_key_id=AKIA\n", ""),
    ({}, "region=x\n", ""), ({}, ROLE, ""), ({}, ROLE + "source_profile=gone\n", ""),
    ({}, ROLE + "source_profile=q\ncredential_source=Environment\n[profile q]\n" + KEYS, ""),
    ({}, ROLE + "source_profile=default\n" + KEYS, ""), ({}, ROLE + "source_profile=q\n[profile q]\nregion=x\n", ""),
    ({}, "nonsense\n", KEYS), ({}, ROLE + "web_identity_token_file=/etc/passwd\n", ""),
]
METHODS = {
    "env": "AWS_ACCESS_KEY_ID", "assume-role": "profile default (role)",
    "sso": "profile default (single sign-on)", "shared-credentials-file": "profile default (access key)",
    "config-file": "profile default (access key)", "custom-process": "profile default (credential_process)",
}


def chain(keywright):
    """Which credential is taken: botocore's answer and ours, where they differ; then how many."""
    import os
    import subprocess
    import tempfile
    ask = ("import botocore.session, sys\n"
           "try: found = botocore.session.get_session().get_credentials()\n"
           "except Exception as error: sys.exit(type(error).__name__)\n"
           "print(found.method if found else '')")
    for variables, config, credentials in MACHINES:
        with tempfile.TemporaryDirectory() as home:
            os.mkdir(f"{home}/.aws")
            for name, text in (("config", config), ("credentials", credentials)):
                if text:
                    with open(f"{home}/.aws/{name}", "w") as file:
                        file.write("[default]\n" + text)
            environment = {"HOME": home, "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true", **variables}
            theirs = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True)
            ours = subprocess.run([keywright, "why", "aws", "--json"], env=environment, capture_output=True, text=True)
        answer = json.loads(ours.stdout)["answers"][0]
        taken = [source["name"] for source in answer["sources"]]
        method = theirs.stdout.strip()
        if theirs.returncode != 0 or not method:
            equal = answer["winner"] is None
        elif method == "assume-role-with-web-identity":
            equal = "web identity" in answer["winner"] or answer["winner"] == "AWS_WEB_IDENTITY_TOKEN_FILE"
        elif method == "sso":
            # Nobody has signed in: botocore finds that out with the first request.
            equal = answer["winner"] is None and taken[0] == METHODS[method]
        else:
            equal = answer["winner"] == METHODS[method]
        if not equal:
            print(variables, repr(config), repr(credentials), method or theirs.stderr.strip(), answer["summary"])
    print(len(MACHINES), "machines")


{"key": key, "bedrock": bedrock, "compare": compare, "chain": chain}[sys.argv[1]](*sys.argv[2:])
