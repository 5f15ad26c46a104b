"""nbgrader's settings for these notebooks. Copy it to the root of your nbgrader course."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "backprop-by-hand"
# What stands where a solution was; nbgrader knows none for TypeScript.
c.ClearSolutions.code_stub = {"typescript": 'throw new Error("not written yet");'}
c.ClearSolutions.text_stub = "*Your answer.*"
# Training on the digits takes its time.
c.ExecutePreprocessor.timeout = 300
