"""What Rapport costs, each figure beside a yardstick measured in the same run. Run with ``make bench``."""
