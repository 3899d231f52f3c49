"""A small OpenID Connect provider on the loopback: it says whatever a test wants it to say about who signed in."""

import base64
import hashlib
import json
import threading
import time
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "siteward-tests", "a secret of the tests"


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Provider:
    """Signs RS256; checks client, code and PKCE. `claims` is what it says of the person; `codes` are those it gave out."""

    key: ClassVar[rsa.RSAPrivateKey] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, str] = {}
        self.audience = CLIENT
        self.server: WSGIServer = make_server("127.0.0.1", 0, self.answer, handler_class=Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def authorise(self, location: str) -> str:
        """What somebody's browser does at the provider: signs in, and is sent back with a code. The address to go back to."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
        assert location.startswith(f"{self.url}/authorize") and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def answer(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        """WSGI."""
        path = environ["PATH_INFO"]
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        said = {
            "/.well-known/openid-configuration": self.about,
            "/keys": self.keys,
            "/userinfo": lambda _sent: self.claims,
            "/token": self.token,
        }.get(path, lambda _sent: None)(sent)
        start("200 OK" if said else "400 Bad Request", [("Content-Type", "application/json")])
        return [json.dumps(said or {"error": "invalid_grant"}).encode()]

    def about(self, _sent: str) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self, _sent: str) -> dict[str, Any]:
        """The public key."""
        made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**made, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def token(self, sent: str) -> dict[str, Any] | None:
        """A code for a token, once, to who can show the other half of the challenge."""
        asked = {name: value[0] for name, value in parse_qs(sent).items()}
        challenge = self.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(verifier).decode().rstrip("=") == challenge
        if not proved or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 300, **self.claims}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "at", "token_type": "Bearer", "id_token": signed, "expires_in": 300}
