"""Operating an installation: health, metrics, doctor, status, audit, describe."""
