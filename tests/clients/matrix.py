"""Every client against every transport: lists the tools, calls one, and looks at errors and progress.

Takes one argument, the setting as JSON, and ends with an error if anything is not as it should be.
"""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import fastmcp
import jsonschema
import mcp
from agents.mcp import MCPServerStdio, MCPServerStreamableHttp
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from mcp.client.stdio import StdioServerParameters

SETTING = json.loads(sys.argv[1])
DOMAIN = {"companyDomain": SETTING["company_domain"]}
LIST = "list_all_billsby_customers"


class Failed(Exception):
    """What a client saw is not what it should see."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def server(transport):
    """The program or the URL in the official SDK's terms."""
    if transport == "http":
        return SETTING["url"]
    return StdioServerParameters(
        command=SETTING["command"], args=SETTING["arguments"], env=SETTING["environment"]
    )


class Official:
    """The official SDK."""

    def __init__(self, mode):
        self.mode = mode

    @asynccontextmanager
    async def connect(self, transport):
        async with mcp.Client(server(transport), mode=self.mode) as client:
            self.client = client
            yield self

    async def tools(self):
        return (await self.client.list_tools()).tools

    async def call(self, name, arguments, progress=None):
        return await self.client.call_tool(name, arguments, progress_callback=progress)


class FastMCP:
    """FastMCP."""

    @asynccontextmanager
    async def connect(self, transport):
        if transport == "http":
            way = StreamableHttpTransport(SETTING["url"])
        else:
            way = StdioTransport(
                command=SETTING["command"],
                args=SETTING["arguments"],
                env=SETTING["environment"],
                keep_alive=False,
            )
        async with fastmcp.Client(way) as client:
            self.client = client
            yield self

    async def tools(self):
        return await self.client.list_tools()

    async def call(self, name, arguments, progress=None):
        return await self.client.call_tool_mcp(name, arguments, progress_handler=progress)


class Agents:
    """The OpenAI Agents SDK, which has no way to ask for progress."""

    @asynccontextmanager
    async def connect(self, transport):
        if transport == "http":
            way = MCPServerStreamableHttp({"url": SETTING["url"]}, client_session_timeout_seconds=30)
        else:
            way = MCPServerStdio(
                {
                    "command": SETTING["command"],
                    "args": SETTING["arguments"],
                    "env": SETTING["environment"],
                },
                client_session_timeout_seconds=30,
            )
        async with way as client:
            self.client = client
            yield self

    async def tools(self):
        return await self.client.list_tools()

    async def call(self, name, arguments, progress=None):
        return await self.client.call_tool(name, arguments)


def field(value, *names):
    """A field under whichever of its names this client uses."""
    for name in names:
        if hasattr(value, name):
            return getattr(value, name)
    raise Failed(f"no {names[0]} in {value!r}")


async def check(client):
    """Everything that a client must see; gives what it saw, in words."""
    tools = await client.tools()
    expect(len(tools) == SETTING["tools"], f"{len(tools)} tools")
    names = {tool.name: tool for tool in tools}

    seen = []

    async def progress(done, total, message):
        seen.append(done)

    result = await client.call(LIST, DOMAIN, progress)
    expect(not field(result, "is_error", "isError"), f"an error: {result!r}")
    structured = field(result, "structured_content", "structuredContent")
    expect(structured["results"], f"no customers: {structured!r}")
    schema = field(names[LIST], "output_schema", "outputSchema")
    expect(schema, "no output schema")
    jsonschema.validate(structured, schema)
    expect(json.loads(result.content[0].text) == structured, "text and structure differ")
    if not isinstance(client, Agents):
        expect(seen == [0, 1], f"progress {seen}")

    result = await client.call(LIST, DOMAIN | {"pageSize": 0})
    expect(field(result, "is_error", "isError"), f"no error: {result!r}")
    expect("pageSize" in result.content[0].text, f"unexplained: {result!r}")

    try:
        await client.call("no_such_tool", {})
    except Exception as error:
        expect("unknown tool" in str(error), f"another error: {error!r}")
    else:
        raise Failed("a tool that does not exist can be called")


def clients():
    for mode in ("auto", "legacy", "2026-07-28"):
        yield f"mcp ({mode})", Official(mode)
    yield "fastmcp", FastMCP()
    yield "openai-agents", Agents()


async def main():
    failures = []
    for transport in ("stdio", "http"):
        for name, client in clients():
            try:
                async with asyncio.timeout(60):
                    async with client.connect(transport) as connected:
                        await check(connected)
            except BaseException as error:  # a group of errors is no Exception
                failures.append(f"{name} over {transport}: {error!r}")
            else:
                print(f"{name} over {transport}: passed")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
