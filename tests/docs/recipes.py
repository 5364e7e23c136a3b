#!/usr/bin/env python3
"""Checks the recipes of the pages with the tools that read them: YAML, systemd's units, shell scripts and a Jenkinsfile.

usage: recipes.py

A tool that is missing is named, and its checks are left out: PyYAML, systemd-analyze, groovy. tests/cli/nightly_page.py runs
what the recipes run.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Compiles a Jenkinsfile and runs nothing. Groovy looks the names up that Jenkins adds only when it runs.
GROOVY = "new groovy.lang.GroovyShell().parse(new File(args[0]).text)"
problems, missing = [], []


def blocks():
    """(page, line, language, text) of every code block of README and the pages."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(r"(?ms)^ *```(\w*)[^\n]*\n(.*?)^ *```$", text):
            yield page.relative_to(ROOT), text[:match.start()].count("\n") + 2, match[1], match[2]


def report(page, line, text):
    problems.append(f"{page}:{line}: {text}")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, env=environment)


def environment_with_java():
    """Debian's groovy needs $JAVA_HOME unless the package default-jre is installed."""
    java = shutil.which("java")
    home = {"JAVA_HOME": str(pathlib.Path(java).resolve().parents[1])} if java else {}
    return home | dict(os.environ)


environment = environment_with_java()


def check_script(page, line, text, shell):
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
        file.write(text)
        file.flush()
        parsed = run(shell, "-n", file.name)
        if parsed.returncode:
            report(page, line, f"{shell} -n: {parsed.stderr.strip()}")
        if shutil.which("shellcheck"):
            checked = run("shellcheck", "--shell", shell, "--severity", "error", file.name)
            if checked.returncode:
                report(page, line, f"shellcheck: {checked.stdout.strip()}")


def check_github(page, line, workflow):
    """A workflow as GitHub's documentation of the syntax has it. YAML 1.1 reads the key `on` as true."""
    if not isinstance(workflow.get(True, workflow.get("on")), dict) or set(workflow) - {True, "on", "jobs", "name"}:
        report(page, line, "a workflow has the keys on and jobs")
    for name, job in workflow["jobs"].items():
        if "runs-on" not in job or set(job) - {"runs-on", "defaults", "steps"}:
            report(page, line, f"the job {name} has other keys than runs-on, defaults and steps")
        for step in job["steps"]:
            if ("run" in step) == ("uses" in step) or set(step) - {"name", "run", "uses", "with", "if"}:
                report(page, line, f"a step has either run or uses, not {sorted(step)}")
            if "run" in step:
                check_script(page, line, step["run"], "bash")


def check_gitlab(page, line, pipeline):
    for name, job in pipeline.items():
        if set(job) - {"rules", "tags", "script", "allow_failure", "artifacts"}:
            report(page, line, f"the job {name} has unknown keys")
        if all(isinstance(command, str) for command in job["script"]):
            check_script(page, line, "\n".join(job["script"]), "sh")
        else:
            report(page, line, f"the script of {name} is not a list of strings: {job['script']}")


def check_kubernetes(page, line, job):
    for container in job["spec"]["template"]["spec"]["containers"]:
        check_script(page, line, "\n".join(container["args"]), "sh")


def check_yaml(page, line, text):
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        report(page, line, f"YAML: {error}")
        return
    if "jobs" in content:
        check_github(page, line, content)
    elif "kind" in content:
        check_kubernetes(page, line, content)
    elif any(isinstance(value, dict) and "script" in value for value in content.values()):
        check_gitlab(page, line, content)


def check_units(units):
    """All units together, with the user that they name replaced by one that exists, and an existing folder."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in units.items():
            text = re.sub(r"(?m)^User=.*", "User=root", text).replace("/srv/matcher", folder)
            names.append(pathlib.Path(folder) / name)
            names[-1].write_text(text)
        verified = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, names))
        if verified.returncode or verified.stderr.strip():
            report("docs/guides/nightly.md", 1, f"systemd-analyze verify: {verified.stderr.strip()}")


def check_calendar(text):
    for time in re.findall(r"(?m)^OnCalendar=(.*)$", text):
        if run("systemd-analyze", "calendar", time).returncode:
            report("docs/guides/nightly.md", 1, f"systemd does not know the time {time}")


def check_groovy(page, line, text):
    with tempfile.TemporaryDirectory() as folder:
        recipe, parser = pathlib.Path(folder) / "Jenkinsfile", pathlib.Path(folder) / "parse.groovy"
        recipe.write_text(text)
        parser.write_text(GROOVY)
        parsed = run("groovy", str(parser), str(recipe))
        if parsed.returncode:
            report(page, line, f"groovy: {parsed.stderr.strip()}")


def needs(tool, is_there):
    if not is_there and tool not in missing:
        missing.append(tool)
    return is_there


def main():
    units, counts = {}, {}
    for page, line, language, text in blocks():
        counts[language] = counts.get(language, 0) + 1
        if language == "yaml" and needs("PyYAML", yaml):
            check_yaml(page, line, text)
        elif language == "groovy" and needs("groovy", shutil.which("groovy") and run("groovy", "--version").returncode == 0):
            check_groovy(page, line, text)
        elif language == "ini":
            units[re.match(r"# \S*/(\S+)\n", text)[1]] = text
        elif language == "sh":
            check_script(page, line, text, "sh" if text.startswith("#!/bin/sh") else "bash")
    if units and needs("systemd-analyze", shutil.which("systemd-analyze")):
        check_units(units)
        check_calendar("\n".join(units.values()))
    print("\n".join(problems) or f"ok: {counts.get('yaml', 0)} YAML, {len(units)} units, {counts.get('groovy', 0)} Jenkinsfiles")
    if missing and not problems:
        print(f"SKIPPED: {', '.join(missing)} missing; the rest passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
