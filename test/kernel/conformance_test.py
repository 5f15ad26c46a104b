"""The field's conformance suite for kernels, with samples for everything that it can test."""

import unittest

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("an error")'

    completion_samples = [
        {"text": "const conformanceSample = 1; conformanceSam", "matches": {"conformanceSample"}},
        {"text": "[1].flatM", "matches": {"flatMap"}},
        {"text": "nothingStartsLikeThis", "matches": set()},
    ]

    complete_code_samples = [
        "1 + 1",
        "const x = 1;",
        "function f(n: number) { return n; }",
        "interface A { a: string }",
        "await Promise.resolve(1)",
        "",
    ]
    incomplete_code_samples = [
        "function f(n: number) {",
        "const x = [1,",
        "console.log(",
        "class A {",
        "`a template",
        "/* a comment",
    ]
    invalid_code_samples = ["const = 1;", "1 +* 2)", "function 1f() {}", "let x: = 5;"]

    code_page_something = "console?"
    code_generate_error = 'throw new Error("expected")'

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
        {"code": '({ a: "b" })', "result": "{ a: 'b' }"},
        {"code": "await Promise.resolve(null)", "result": "null"},
        {"code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>b</b>" }) })', "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>b</b>")', "mime": "text/html"},
        {"code": 'import { display } from "tslab"; display.png(new Uint8Array([1]))', "mime": "image/png"},
        {
            "code": '(globalThis as any)[Symbol.for("Jupyter.broadcast")]'
            '("display_data", { data: { "image/svg+xml": "<svg/>" } })',
            "mime": "image/svg+xml",
        },
    ]
    code_clear_output = '(globalThis as any)[Symbol.for("Jupyter.broadcast")]("clear_output", { wait: false })'

    code_history_pattern = "?1, 2*"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "parseInt"

    def test_clear_output(self) -> None:
        """The suite has a sample for it in its documentation only."""
        self.flush_channels()
        reply, messages = self.execute_helper(code=self.code_clear_output)
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertEqual([message["msg_type"] for message in messages], ["clear_output"])
        self.assertEqual(messages[0]["content"]["wait"], False)


class TypeScriptKernelWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "tslab"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
