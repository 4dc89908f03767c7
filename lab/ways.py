# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of a liar that it reads messages for: WHEN it does something, and WHAT it does then.

A way is WHEN:WHAT, or WHEN&WHEN:WHAT, several with + between them, done in this order. A WHEN may be a
type of records. A WHAT of SEND is about packets and holds for UDP only."""
import os
import struct
import zlib

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

SOA, AAAA, ANY, UNKNOWN = 6, 28, 255, 65534
CH = 3
NSID, COOKIE, CLIENT_COOKIE = 3, 10, 8
UNASSIGNED = range(100, 20292)  # codes of EDNS options
Z = 0x0040  # the reserved bit of the header
OPCODE = 0x78  # its bits in the third octet
PLAIN_SIZE, SAFE_SIZE, MOST_OCTETS = 512, 1232, 65535
BUSY = 10  # queries a second
DROP = object()  # instead of an answer: none
CLOSE = object()  # none, and over TCP the connection ends


class Case:
    """One query, how it came, and what the real server said to it."""

    def __init__(self, wire, good, behind, **how):
        self.query = read(wire)
        self.wire, self.behind, self.opcode = wire, behind, wire[2] & OPCODE
        self.tcp, self.nth, self.client, self.recent = (how[k] for k in ("tcp", "nth", "client", "recent"))
        self.room = MOST_OCTETS if self.tcp else max(
            PLAIN_SIZE, self.query.payload if self.query.edns >= 0 else 0)
        self.name = self.query.question[0].name if self.query.question else dns.name.root
        self.type = self.query.question[0].rdtype if self.query.question else 0
        self.klass = self.query.question[0].rdclass if self.query.question else 0
        try:
            self.good = read(good)
            self.octets = good
        except (dns.exception.DNSException, ValueError, IndexError):  # it said nothing, or nothing of use
            self.good = bare(self, dns.rcode.NOTIMP if self.opcode else dns.rcode.FORMERR)
            self.octets = self.write(self.good, self.room)
        self.node = zlib.crc32(struct.pack("!H", self.client[1])) & 1

    def write(self, said, room):
        """Its octets; without records, truncated, when there is no room for them."""
        try:
            wire = said.to_wire(max_size=room)
        except dns.exception.TooBig:
            said.flags |= dns.flags.TC
            said.answer, said.authority, said.additional = [], [], []
            wire = said.to_wire()
        return wire[:2] + bytes([wire[2] & ~OPCODE | self.opcode]) + wire[3:]

    def options(self):
        return {o.otype: o.to_wire() for o in self.query.options} if self.query.edns >= 0 else {}

    def ask(self, edns=None, rdtype=None):
        """The real server's answer to this query with another version of EDNS or type."""
        again = dns.message.make_query(self.name, rdtype or self.type, use_edns=edns)
        again.flags, again.id = self.query.flags, self.query.id
        return dns.message.from_wire(self.behind(again.to_wire()), one_rr_per_rrset=True,
                                     ignore_trailing=True)


def read(wire):
    """The message, as one of the opcode QUERY: the library refuses those that it does not know."""
    return dns.message.from_wire(wire[:2] + bytes([wire[2] & ~OPCODE]) + wire[3:], ignore_trailing=True)


def bare(c, rcode):
    """An error that has nothing but the question."""
    said = dns.message.make_response(c.query)
    said.use_edns(False)
    said.set_rcode(rcode)
    return said


def with_edns(good, flags, options=()):
    """The answer with an OPT record of its own version and extended code, and these flags and options."""
    rcode = good.rcode()
    good.use_edns(max(good.edns, 0), flags & 0xFFFF, SAFE_SIZE, options=list(options))
    good.set_rcode(rcode)
    return good


# One function for each WHAT: (case, answer so far) -> answer, DROP or CLOSE. Its docstring is its help.
def drop(_c, _good):
    """no answer"""
    return DROP


def close(_c, _good):
    """no answer; over TCP the connection ends"""
    return CLOSE


def good(_c, good):
    """the good answer, over UDP as large as the query allows"""
    return good


def empty(_c, good):
    """no records"""
    good.answer, good.authority = [], []
    return good


def nodata(c, good):
    """no such records, with the SOA"""
    said = c.ask(edns=0, rdtype=UNKNOWN)
    good.answer, good.authority, good.additional = [], said.authority, []
    return good


def nxdomain(c, good):
    """the name does not exist"""
    good = empty(c, good)
    good.set_rcode(dns.rcode.NXDOMAIN)
    return good


def missing(c, good):
    """the name does not exist, with the SOA"""
    good = nodata(c, good)
    good.set_rcode(dns.rcode.NXDOMAIN)
    return good


def nosoa(_c, good):
    """without what is in the section of authority"""
    good.authority = []
    return good


def noaa(_c, good):
    """is not authoritative"""
    good.flags &= ~dns.flags.AA
    return good


def ra(_c, good):
    """says that it recurses"""
    good.flags |= dns.flags.RA
    return good


def rflag(c, good):
    """returns the reserved bit of the query"""
    good.flags |= c.query.flags & Z
    return good


def upward(c, good):
    """refers to the root"""
    good = empty(c, good)
    good.set_rcode(dns.rcode.NOERROR)
    good.authority = [dns.rrset.from_text(".", 3600, "IN", "NS", *(
        f"{c}.root-servers.net." for c in "abc"))]
    return good


def strip(_c, good):
    """answers without EDNS"""
    rcode = good.rcode()
    good.use_edns(False)
    good.set_rcode(rcode if rcode < 16 else 0)
    return good


def plain(c, _good):
    """answers as if there were no EDNS"""
    return c.ask()


def version0(c, _good):
    """answers as if EDNS were of version 0"""
    return c.ask(edns=0)


def version1(_c, good):
    """answers with EDNS of version 1"""
    good.use_edns(1, 0, SAFE_SIZE)
    return good


def echo(c, good):
    """returns the EDNS options of the query"""
    return with_edns(good, good.ednsflags, c.query.options)


def flags(c, good):
    """returns the EDNS flags of the query"""
    return with_edns(good, c.query.ednsflags)


def truncate(c, _good):
    """truncates, and loses EDNS"""
    said = bare(c, dns.rcode.NOERROR)
    said.flags |= dns.flags.TC | dns.flags.AA
    return said


def tc(c, good):
    """truncates, if it is no error"""
    if good.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return good
    good = empty(c, good)
    good.additional = []
    good.flags |= dns.flags.TC
    return good


def lower(_c, good):
    """the question in lower case"""
    for rrset in good.question + good.answer:
        rrset.name = rrset.name.canonicalize()
    return good


def othercase(_c, good):
    """the question with lower for upper case, and upper for lower"""
    for rrset in good.question:
        rrset.name = dns.name.Name([label.swapcase() for label in rrset.name.labels])
    return good


def soas(c, _good):
    """a zone transfer, of SOA alone"""
    soa = c.ask(rdtype=SOA).answer
    said = bare(c, dns.rcode.NOERROR)
    said.flags |= dns.flags.AA
    said.answer = soa + soa
    return said


def twice(_c, good):
    """a second SOA record, of the next serial"""
    for first in [r for r in good.answer if r.rdtype == SOA]:
        words = first[0].to_text().split()
        words[2] = str(int(words[2]) + 1)
        good.answer.append(dns.rrset.from_text(first.name, first.ttl, "IN", "SOA", " ".join(words)))
    return good


def owner(_c, good):
    """records of another name"""
    for rrset in good.answer:
        rrset.name = dns.name.from_text("other.example.")
    return good


def short(_c, good):
    """an address that is too short"""
    short_one = dns.rdata.GenericRdata(dns.rdataclass.IN, AAAA, bytes(4))
    good.answer = [dns.rrset.from_rdata(good.question[0].name, 3600, short_one)]
    return good


def klass(c, good):
    """an answer of class IN, whatever was asked"""
    good.answer = [dns.rrset.from_text(c.name, 0, "IN", "TXT", "lab")]
    good.set_rcode(dns.rcode.NOERROR)
    return good


def unsigned(_c, good):
    """knows no DNSSEC"""
    good.answer = [r for r in good.answer if r.rdtype not in SIGNED]
    good.authority = [r for r in good.authority if r.rdtype not in SIGNED]
    return with_edns(good, 0) if good.edns >= 0 else good


def without_option(good, code):
    return [o for o in good.options if o.otype != code] if good.edns >= 0 else []


def cookie(c, good):
    """with a cookie of the server, when it got one of the client"""
    theirs = c.options().get(COOKIE)
    if not theirs:
        return good
    ours = dns.edns.GenericOption(COOKIE, theirs[:CLIENT_COOKIE] + os.urandom(16))
    return with_edns(good, good.ednsflags, without_option(good, COOKIE) + [ours])


def nocookie(_c, good):
    """without the option COOKIE"""
    return with_edns(good, good.ednsflags, without_option(good, COOKIE)) if good.edns >= 0 else good


def badcookie(c, good):
    """BADCOOKIE, with a new cookie of the server"""
    good = cookie(c, empty(c, good))
    good.additional = []
    good.set_rcode(dns.rcode.BADCOOKIE)
    return good


def nodes(c, good):
    """one of two nodes, by the client's port: NSID, hostname.bind and id.server say which"""
    name = f"node{c.node + 1}"
    if NSID in c.options():
        ours = dns.edns.GenericOption(NSID, name.encode())
        good = with_edns(good, good.ednsflags, without_option(good, NSID) + [ours])
    if c.klass == CH and str(c.name).lower() in ("hostname.bind.", "id.server."):
        good.set_rcode(dns.rcode.NOERROR)
        good.flags |= dns.flags.AA
        good.answer = [dns.rrset.from_text(c.name, 0, "CH", "TXT", name)]
        good.authority = []
    return good


def serials(c, good):
    """each node has the zone of another serial"""
    for rrset in good.answer + good.authority:
        if rrset.rdtype == SOA:
            soa = rrset[0]
            rrset.clear()
            rrset.add(soa.replace(serial=soa.serial + c.node))
    return good


def elsewhere(door):
    """from host 200 of the network"""
    return [(seconds, "other", wire) for seconds, _, wire in door]


def badsum(door):
    """with a wrong checksum of UDP"""
    return [(seconds, "raw", wire) for seconds, _, wire in door]


def slow(door):
    """0.4 s late"""
    return [(seconds + 0.4, way, wire) for seconds, way, wire in door]


def late(door):
    """2.5 s late"""
    return [(seconds + 2.5, way, wire) for seconds, way, wire in door]


def double(door):
    """twice"""
    return [sent for sent in door for _ in range(2)]


def forged(door):
    """behind one with another id"""
    return [(seconds, way, bytes([wire[0] ^ 0x55, wire[1]]) + wire[2:]) for seconds, way, wire in door] + door


def closed(door):
    """with tcp: nobody listens"""
    return door


def error(rcode):
    def say(c, _good):
        return bare(c, rcode)
    say.__doc__ = f"{dns.rcode.to_text(rcode)}, without EDNS"
    return say


def kept(rcode):
    """An error that leaves EDNS as it is."""
    def say(c, good):
        good = empty(c, good)
        good.additional = []
        good.set_rcode(rcode)
        return good
    say.__doc__ = f"{dns.rcode.to_text(rcode)}, with EDNS as in a good answer"
    return say


SIGNED = {dns.rdatatype.RRSIG, dns.rdatatype.DNSKEY, dns.rdatatype.NSEC, dns.rdatatype.NSEC3,
          dns.rdatatype.NSEC3PARAM, dns.rdatatype.CDS, dns.rdatatype.CDNSKEY}
WHAT = {f.__name__: f for f in (
    drop, close, good, empty, nodata, nxdomain, missing, nosoa, noaa, ra, rflag, upward, strip, plain,
    version0, version1, echo, flags, truncate, tc, lower, othercase, soas, twice, owner, short, klass, unsigned,
    cookie, nocookie, badcookie, nodes, serials)}
for _r in (dns.rcode.REFUSED, dns.rcode.SERVFAIL, dns.rcode.FORMERR, dns.rcode.NOTIMP):
    WHAT[dns.rcode.to_text(_r).lower()] = error(_r)
    WHAT["e" + dns.rcode.to_text(_r).lower()] = kept(_r)
# Each takes what is to be sent, a list of (seconds from now, by which door, octets), and gives another.
SEND = {f.__name__: f for f in (elsewhere, badsum, slow, late, double, forged, closed)}


def has_letters_of_both(name):
    letters = [c for c in str(name) if c.isalpha()]
    return any(c.isupper() for c in letters) and any(c.islower() for c in letters)


def ends_early(wire):
    """Whether octets follow the message."""
    try:
        dns.message.from_wire(wire)
    except dns.message.TrailingJunk:
        return True
    except dns.exception.DNSException:
        pass
    return False


def negative(c):
    return c.good.rcode() == dns.rcode.NXDOMAIN or (
        c.good.rcode() == dns.rcode.NOERROR and c.klass != CH and not c.good.answer)


def inner(c):
    """Whether the name has no records and exists."""
    if not negative(c) or c.good.rcode() == dns.rcode.NXDOMAIN:
        return False
    any_kind = c.ask(rdtype=ANY)
    return any_kind.rcode() == dns.rcode.NOERROR and not any_kind.answer


WHEN = {  # case -> whether; besides types of records
    "all": lambda c: True,
    "tcp": lambda c: c.tcp,
    "udp": lambda c: not c.tcp,
    "edns": lambda c: c.query.edns >= 0,
    "edns1": lambda c: c.query.edns > 0,
    "option": lambda c: bool(c.options()),
    "unknown": lambda c: any(code in UNASSIGNED for code in c.options()),
    "cookie": lambda c: COOKIE in c.options(),
    "newcookie": lambda c: not c.tcp and len(c.options().get(COOKIE, b"")) == CLIENT_COOKIE,
    "nsid": lambda c: NSID in c.options(),
    "flag": lambda c: c.query.edns >= 0 and bool(c.query.ednsflags & 0x7FFF),
    "do": lambda c: c.query.edns >= 0 and bool(c.query.ednsflags & dns.flags.DO),
    "z": lambda c: bool(c.query.flags & Z),
    "ad": lambda c: bool(c.query.flags & dns.flags.AD),
    "cd": lambda c: bool(c.query.flags & dns.flags.CD),
    "rd": lambda c: bool(c.query.flags & dns.flags.RD),
    "tc": lambda c: bool(c.query.flags & dns.flags.TC),
    "opcode": lambda c: c.opcode != 0,
    "twice": lambda c: len(c.query.question) > 1,
    "trailing": lambda c: ends_early(c.wire),
    "foreign": lambda c: c.good.rcode() == dns.rcode.REFUSED,
    "negative": negative,
    "inner": inner,
    "big": lambda c: not c.tcp and SAFE_SIZE < len(c.octets) <= c.room,
    "upper": lambda c: str(c.name) != str(c.name).lower(),
    "mixed": lambda c: has_letters_of_both(c.name),
    "odd": lambda c: sum(letter.isupper() for letter in str(c.name)) % 2 == 1,
    "chaos": lambda c: c.klass == CH,
    "second": lambda c: c.tcp and c.nth > 1,
    "fifth": lambda c: not c.tcp and c.nth % 5 == 0,
    "busy": lambda c: not c.tcp and c.recent > BUSY,
    "node2": lambda c: c.node == 1,
}


def parse(ways):
    """[([WHEN], WHAT)]; ValueError when a name is in neither table."""
    found = []
    for way in ways.split("+"):
        whens, what = way.split(":")
        if what not in WHAT and what not in SEND:
            raise ValueError(f"no such WHAT: {what}")
        for when in whens.split("&"):
            when = when.partition("@")[0]
            if when not in WHEN:
                dns.rdatatype.from_text(when)
        found.append((whens.split("&"), what))
    return found


def applies(when, case):
    """WHEN@LABEL: only for names with that first label."""
    when, _, label = when.partition("@")
    if label and case.name.labels[0].lower() != label.encode():
        return False
    return WHEN[when](case) if when in WHEN else case.type == dns.rdatatype.from_text(when)


def spoil(ways, case):
    """The answer after all ways that apply, None when it is the good one, and the names of SEND for it."""
    said, sends = None, []
    for whens, what in ways:
        if said is DROP or said is CLOSE:
            break
        if all(applies(when, case) for when in whens):
            if what in SEND:
                sends.append(what)
            elif what != "good":
                said = WHAT[what](case, case.good if said is None else said)
    return said, sends if not case.tcp else []
