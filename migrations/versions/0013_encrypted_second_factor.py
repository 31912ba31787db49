"""the keys of second factors are encrypted with a key from SECRET_KEY"""

from __future__ import annotations

import base64

import sqlalchemy as sa
from alembic import op
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

USER = sa.table("user", sa.column("id", sa.Integer), sa.column("totp_secret", sa.Text))


def upgrade() -> None:
    _rewrite(lambda box, secret: box.encrypt(secret.encode()).decode("ascii"))


def downgrade() -> None:
    _rewrite(lambda box, secret: box.decrypt(secret).decode())


def _rewrite(change) -> None:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"second-factor")
    box = Fernet(base64.urlsafe_b64encode(derived.derive(current_app.config["SECRET_KEY"].encode())))
    connection = op.get_bind()
    with_secret = sa.select(USER.c.id, USER.c.totp_secret).where(USER.c.totp_secret.is_not(None))
    for user_id, secret in connection.execute(with_secret).all():
        connection.execute(
            sa.update(USER).where(USER.c.id == user_id).values(totp_secret=change(box, secret))
        )
