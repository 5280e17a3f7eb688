"""Quiz 闯关: levels of questions, one after another; the answers stay on the server."""

from banyan.plays.quiz.play import Quiz
from banyan.plays.quiz.progress import QuizProgress
from banyan.plays.quiz.settings import Level, Question, QuizSettings

__all__ = ["Level", "Question", "Quiz", "QuizProgress", "QuizSettings"]
