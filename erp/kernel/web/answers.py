"""A way out of a view that rolls everything back and still answers."""

from flask.typing import ResponseReturnValue


class Answer(Exception):
    """Roll everything back and answer with this response: a form shown again with what to fix."""

    def __init__(self, response: ResponseReturnValue) -> None:
        super().__init__("answer")
        self.response = response
