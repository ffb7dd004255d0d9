"""The counter behind the rate limits of the screens of this process."""

from rapport.kernel.limits import Limiter

limiter = Limiter()
