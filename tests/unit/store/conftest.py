"""Spark as it runs on several machines: a master and a worker of its own, on this one."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def spark_master(tmp_path_factory):
    """Address of a standalone master with one worker, both real processes on the loopback."""
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (beffroi[spark])")
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java on this machine, which Spark needs")
    jars = Path(find_spec("pyspark").origin).parent / "jars" / "*"
    port, folder = free_port(), tmp_path_factory.mktemp("spark")
    more = [f"--add-opens=java.base/{one}=ALL-UNNAMED" for one in ("java.lang", "java.nio", "sun.nio.ch", "java.util")]
    start = [java, "-Xmx512m", *more, "-cp", str(jars)]
    master = [*start, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port)]
    worker = [*start, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "-c", "1", "-m", "1g"]
    worker += ["-d", str(folder / "work"), f"spark://127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    core = next(jars.parent.glob("spark-core_*.jar")).name
    env = os.environ | {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_HOME": str(jars.parent.parent),
        "SPARK_SCALA_VERSION": core.removeprefix("spark-core_").partition("-")[0],
    }
    with contextlib.ExitStack() as stack:
        processes = []
        for command, ui in ((master, free_port()), (worker, free_port())):
            process = stack.enter_context(
                subprocess.Popen([*command, "--webui-port", str(ui)], env=env, cwd=folder, **quiet)
            )
            processes.append(process)
            stack.callback(process.kill)
            wait_for(port)
        yield f"spark://127.0.0.1:{port}"


def wait_for(port):
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("the Spark master did not open its port within 30 s")


@pytest.fixture(scope="session")
def spark_settings():
    """Settings for small tables: compiling each query would take longer than reading them."""
    source = str(Path(find_spec("beffroi").origin).parents[1])
    return {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": "1", "spark.ui.showConsoleProgress": "false",
        "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
        "spark.executorEnv.PYTHONPATH": source,
    }  # fmt: skip
