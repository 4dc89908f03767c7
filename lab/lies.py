# SPDX-License-Identifier: GPL-3.0-or-later
"""What a liar sends before or instead of a good answer that it does not read: lies, or what a bad path makes of it.

The doors are the port that was asked and another one; all here works on octets, so that it keeps up with
a sweep of ports."""
import asyncio
import os
import random

HEADER = 12
SOON, LATE = (0, 0.2), (2.1, 2.6)  # seconds
HERE, ELSEWHERE = 0, 1  # the port that was asked, and another


def question_end(msg):
    """The offset after the only question, whose name is not compressed."""
    at = HEADER
    while msg[at]:
        at += msg[at] + 1
    return at + 5


def header(msg, answers):
    """The header of a good answer with one question and so many answers."""
    return msg[:4] + bytes([0, 1, 0, answers, 0, 0, 0, 0])


def wrong_id(good):
    return bytes([good[0] ^ 0x55, good[1] ^ 0xAA]) + good[2:]


def wrong_question(good):
    """The same name with its first letter changed."""
    return good[:13] + bytes([good[13] ^ 0x03]) + good[14:]


def wrong_type(good):
    at = question_end(good) - 3
    return good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1:]


def no_question(good):
    """Nothing, with authority. (FORMERR without a question is what honest old servers say.)"""
    return good[:2] + b"\x84\x00" + bytes(8)


def not_an_answer(good):
    """What was asked, sent back."""
    return header(bytes([good[0], good[1], 0, 0]), 0) + good[HEADER:question_end(good)]


def loop_in_question(good):
    return header(good, 0) + b"\xc0\x0c\x00\x0f\x00\x01"


def loop_in_answer(good):
    """A record whose owner is a pointer to itself."""
    end = question_end(good)
    return header(good, 1) + good[HEADER:end] + bytes([0xC0 | end >> 8, end & 255]) + \
        b"\x00\x0f\x00\x01\x00\x00\x0e\x10\x00\x04\x00\x0a\xc0\x0c"


def loop_of_two(good):
    """A mail server's name that is a pointer to a pointer back."""
    end = question_end(good)
    at = end + 14
    return header(good, 1) + good[HEADER:end] + \
        b"\xc0\x0c\x00\x0f\x00\x01\x00\x00\x0e\x10\x00\x06\x00\x0a" + \
        bytes([0xC0 | at + 2 >> 8, at + 2 & 255, 0xC0 | at >> 8, at & 255])


def cut_short(good):
    return good[:random.randrange(HEADER, len(good))]


def half_a_header(good):
    return good[:random.randrange(HEADER)]


def garbage(_):
    return os.urandom(random.choice([1, 512, 1232, 4096, 65000]))


def garbage_with_id(good):
    return good[:2] + os.urandom(random.choice([10, 600, 65000]))


LIES = [
    # from where, what
    (HERE, wrong_id),
    (HERE, wrong_question),
    (HERE, wrong_type),
    (HERE, no_question),
    (HERE, not_an_answer),
    (HERE, loop_in_question),
    (HERE, loop_in_answer),
    (HERE, loop_of_two),
    (HERE, cut_short),
    (HERE, half_a_header),
    (HERE, garbage),
    (HERE, garbage_with_id),
    (ELSEWHERE, bytes),
]


def after_lies(doors, good, client, honest):
    for door, lie in LIES:
        doors[door].sendto(lie(good), client)
    if honest:
        doors[HERE].sendto(good, client)


def by_bad_path(doors, good, client, honest):
    loop = asyncio.get_running_loop()
    late = random.uniform(*(LATE if random.random() < 0.1 else SOON))
    doors[ELSEWHERE].sendto(good, client)
    for delay in (late, late + random.uniform(*SOON)) if honest else ():
        loop.call_later(delay, doors[HERE].sendto, good, client)


HOW = {"lies": after_lies, "path": by_bad_path}


class Upstream(asyncio.DatagramProtocol):
    """The real server: its answers go back to whoever asked, after the lies."""

    def __init__(self, how, only):
        self.send, self.only, self.waiting, self.next, self.doors = how, only, {}, 0, []

    def ask(self, query, client):
        self.next = (self.next + 1) & 0xFFFF
        self.waiting[self.next] = (query[:2], client)
        self.transport.sendto(self.next.to_bytes(2, "big") + query[2:])

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, _):
        asked = self.waiting.pop(int.from_bytes(data[:2], "big"), None)
        if not asked:
            return
        good, client = asked[0] + data[2:], asked[1]
        self.send(self.doors, good, client, random.randrange(100) >= self.only)


class Door(asyncio.DatagramProtocol):
    """A port that is asked."""

    def __init__(self, upstream):
        self.upstream = upstream

    def datagram_received(self, data, client):
        if len(data) >= HEADER:
            self.upstream.ask(data, client)


async def relay(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


def tcp_to(address, port):
    async def serve(reader, writer):
        upstream = await asyncio.open_connection(address, port)
        await asyncio.gather(relay(reader, upstream[1]), relay(upstream[0], writer),
                             return_exceptions=True)
    return serve


async def stand_before(address, port, how, only):
    loop = asyncio.get_running_loop()
    _, upstream = await loop.create_datagram_endpoint(
        lambda: Upstream(how, only), remote_addr=(address, port))
    for own in (53, 54):
        door, _ = await loop.create_datagram_endpoint(
            lambda: Door(upstream), local_addr=(address, own))
        upstream.doors.append(door)
    await asyncio.start_server(tcp_to(address, port), address, 53)
