"""A private Postfix: a queue and an SMTP client of its own below one folder, no listener, nothing of the machine's."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from conftest import PATIENCE

# Debian keeps the programs where a usual user's PATH does not look.
ENVIRONMENT = {**os.environ, "LC_ALL": "C", "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = mail.example.com
mydestination =
alias_maps =
alias_database =
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
smtp_bind_address = {source}
smtp_host_lookup = native
relayhost = [127.0.0.1]:{port}
smtp_tls_security_level = encrypt
smtp_tls_loglevel = 1
"""

# Every service outside a chroot, and no smtpd: mails come in by the sendmail command alone.
MASTER = """
pickup   unix       n - n 60   1 pickup
cleanup  unix       n - n -    0 cleanup
qmgr     unix       n - n 300  1 qmgr
tlsmgr   unix       - - n 1000 1 tlsmgr
rewrite  unix       - - n -    - trivial-rewrite
bounce   unix       - - n -    0 bounce
defer    unix       - - n -    0 bounce
trace    unix       - - n -    0 bounce
verify   unix       - - n -    1 verify
proxymap unix       - - n -    - proxymap
smtp     unix       - - n -    - smtp
relay    unix       - - n -    - smtp
error    unix       - - n -    - error
retry    unix       - - n -    - error
discard  unix       - - n -    - discard
anvil    unix       - - n -    1 anvil
scache   unix       - - n -    1 scache
postlog  unix-dgram n - n -    1 postlogd
"""


def missing():
    """What keeps Postfix from running here, in a word, or nothing."""
    if not shutil.which("postfix", path=ENVIRONMENT["PATH"]):
        return "Postfix is not installed"
    return "Postfix's master needs root" if os.geteuid() != 0 else None


class Postfix:
    def __init__(self, port, source="127.0.0.5"):
        # Postfix's own user must reach the queue, which a test's folder in /tmp does not let it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailassay-postfix-", dir="/var/lib"))
        self.config = self.folder / "etc"
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir()
        for open_to_all in (self.folder, self.config, self.folder / "queue"):
            open_to_all.chmod(0o755)
        shutil.chown(self.folder / "data", "postfix")
        (self.config / "main.cf").write_text(MAIN.format(folder=self.folder, source=source, port=port))
        (self.config / "master.cf").write_text(MASTER)

    def command(self, *words):
        # Output goes to a file: the daemon inherits it, and a pipe would never end.
        with open(self.folder / "output", "ab") as output:
            return subprocess.run(["postfix", "-c", self.config, *words], env=ENVIRONMENT, stdout=output, stderr=output, timeout=PATIENCE).returncode

    def start(self):
        assert self.command("start") == 0, self.log()
        return self

    def stop(self):
        code = self.command("stop")
        log = self.log()
        shutil.rmtree(self.folder)
        assert code == 0, log

    def log(self):
        files = [self.folder / "output", self.folder / "maillog"]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def send(self, mail_from, recipients, mail, *flags):
        """Puts a mail into the queue; its queue id, once Postfix has told it."""
        identity = f"{time.monotonic_ns()}@client.example.com"
        subprocess.run(
            ["sendmail", "-C", self.config, "-i", "-f", mail_from, *flags, "--", *recipients],
            input=f"Message-ID: <{identity}>\r\n".encode() + mail, env=ENVIRONMENT, check=True, timeout=PATIENCE,
        )  # fmt: skip
        return self.wait_for(rf"cleanup\[\d+\]: (\w+): message-id=<{identity}>").group(1)

    def wait_for(self, pattern):
        """The first match in the log, as soon as it is there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.log()):
                return found
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} in {self.log()}")

    def outcome(self, queue_id, recipient):
        """What became of a recipient: `sent`, `bounced` or `deferred`, and the server's words."""
        found = self.wait_for(rf"smtp\[\d+\]: {queue_id}: to=<{re.escape(recipient)}>.* status=(\w+) \((.*)\)\n")
        return found.group(1), found.group(2)
