"""A private directory of people for tests: OpenLDAP's slapd on 127.0.0.1, with TLS."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.pictures import picture

BASE, READER, PASSWORD = "dc=office", "cn=reader,dc=office", "reader-Tango-7"
PAGED = 1201
_SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/lib/openldap:/usr/local/sbin")
_SCHEMA = Path("/etc/ldap/schema")
MISSING = "" if _SLAPD and _SCHEMA.is_dir() else "no slapd on this machine (Debian: slapd)"


@dataclass(frozen=True)
class DirectoryServer:
    """Where it listens: with TLS at once, and plainly with TLS on request."""

    secure_port: int
    port: int
    authority: Path

    @property
    def secure(self) -> str:
        """The address with TLS from the first byte."""
        return f"ldaps://127.0.0.1:{self.secure_port}/ou=people,{BASE}"

    @property
    def asking(self) -> str:
        """The address on which TLS is asked for."""
        return f"ldap://127.0.0.1:{self.port}/ou=people,{BASE}"


def _people(photo: bytes) -> str:
    lines = [f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Office\n"
             "dc: office\n",
             f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n",
             f"dn: ou=crowd,{BASE}\nobjectClass: organizationalUnit\nou: crowd\n",
             f"dn: cn=printers,ou=people,{BASE}\nobjectClass: groupOfNames\ncn: printers\n"
             f"member: uid=boris,ou=people,{BASE}\n"]  # fmt: skip
    lines.append(
        f"dn: uid=anna,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: anna\n"
        "cn: Анна Иванова\nsn: Иванова\ntitle: Seller\nou: Wholesale\nmail: anna@office.example\n"
        f"telephoneNumber: +7 495 123-45-67\nmanager: uid=boris,ou=people,{BASE}\n"
        f"userPassword: secret-of-anna\njpegPhoto:: {base64.b64encode(photo).decode()}\n"
    )
    lines.append(
        f"dn: uid=boris,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: boris\n"
        "cn: Boris Head\nsn: Head\nmail: boris@office.example\n"
    )
    lines += [
        f"dn: uid=p{n},ou=crowd,{BASE}\nobjectClass: inetOrgPerson\nuid: p{n}\ncn: Person {n}\n"
        f"sn: {n}\n"
        for n in range(PAGED)
    ]
    return "\n".join(lines)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key, and a certificate of 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret, open_ = folder / "key.pem", folder / "certificate.pem"
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    open_.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return secret, open_


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def directory_server(folder: Path) -> Iterator[DirectoryServer]:
    """Runs while it is wanted; its files lie in `folder`. Anna has a red photo."""
    photo = picture("JPEG")
    assert _SLAPD is not None
    data = folder / "data"
    data.mkdir()
    secret, authority = _certificate(folder)
    schemas = "\n".join(
        f"include {_SCHEMA}/{one}.schema" for one in ("core", "cosine", "inetorgperson")
    )
    settings = folder / "slapd.conf"
    settings.write_text(
        f"{schemas}\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile {folder}/pid\n"
        f"TLSCertificateFile {authority}\nTLSCertificateKeyFile {secret}\n"
        f"sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited\n"
        f"database mdb\nsuffix {BASE}\nrootdn cn=admin,{BASE}\nrootpw admin\ndirectory {data}\n"
        f"maxsize 50000000\n"
        f"access to attrs=userPassword by anonymous auth by * none\n"
        f"access to * by dn.exact={READER} read by * none\n"
    )
    people = folder / "people.ldif"
    reader = f"\ndn: {READER}\nobjectClass: person\ncn: reader\nsn: r\nuserPassword: {PASSWORD}\n"
    people.write_text(_people(photo) + reader, encoding="utf-8")
    adding = [_SLAPD, "-T", "add", "-f", str(settings), "-l", str(people)]
    subprocess.run(adding, check=True, capture_output=True, timeout=60)
    made = DirectoryServer(_free_port(), _free_port(), authority)
    urls = f"ldaps://127.0.0.1:{made.secure_port}/ ldap://127.0.0.1:{made.port}/"
    process = subprocess.Popen(
        [_SLAPD, "-d", "0", "-f", str(settings), "-h", urls],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(made.port, process)
        yield made
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, "slapd did not start"
        with socket.socket() as line:
            line.settimeout(1)
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("slapd does not listen")
