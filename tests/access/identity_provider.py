"""A small OpenID Connect provider in the test process: real HTTP, codes that work once, PKCE, signed tokens."""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "i2a", "between the two of us"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider(ThreadingHTTPServer):
    """`person`: who sits before its page, as claims; `token_says`: claims of the ID token that differ."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = generate_private_key(65_537, 2_048)
        self.codes, self.tokens = {}, {}
        self.person, self.token_says = {}, {}

    def id_token(self):
        claims = {"iss": self.url, "aud": CLIENT, "exp": time.time() + 60, **self.person, **self.token_says}
        head = encoded(json.dumps({"alg": "RS256"}).encode()) + "." + encoded(json.dumps(claims).encode())
        return head + "." + encoded(self.key.sign(head.encode(), PKCS1v15(), SHA256()))


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/.well-known/openid-configuration":
            url = self.server.url
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"], "jwks_uri": f"{url}/keys"}
            self.say({"issuer": url, **{name: f"{url}/{path}" for name, path in names.items()}, **methods})
        elif parts.path == "/authorize" and asked["client_id"] == CLIENT and asked["response_type"] == "code":
            code = token_urlsafe()
            self.server.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        elif parts.path == "/userinfo":
            token = self.headers["Authorization"].removeprefix("Bearer ")
            self.say(self.server.tokens.get(token), 200 if token in self.server.tokens else 401)
        else:
            self.say({}, 404)

    def do_POST(self):
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = self.server.codes.pop(sent.get("code"), None)
        proof = encoded(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        is_right = asked and proof == asked["code_challenge"] and sent["redirect_uri"] == asked["redirect_uri"]
        if not is_right or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            self.say({"error": "invalid_grant"}, 400)
            return
        token = token_urlsafe()
        self.server.tokens[token] = self.server.person
        self.say({"access_token": token, "token_type": "Bearer", "id_token": self.server.id_token()})

    def say(self, what, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def log_message(self, *args):
        pass


@contextmanager
def running():
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield provider
    provider.shutdown()
    provider.server_close()
