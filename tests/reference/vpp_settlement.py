#!/usr/bin/env python3
"""The settlement of a portfolio's delivery days, computed a second time: from the files and docs/guides/vpp.md alone.

    tests/reference/vpp_settlement.py DIR FIRST_DAY [LAST_DAY] > settlement.json

Whole numbers and fractions only: energies in Wh, money in micro-EUR, prices in micro-EUR/MWh. Written to be read beside
the rules, not to be fast. It shares nothing with the program it judges.
"""
import csv
import datetime as dt
import glob
import gzip
import io
import json
import math
import os
import re
import sys
from fractions import Fraction
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = 900_000  # ms
NEVER = 1 << 62


# --- arithmetic --------------------------------------------------------------------------------------------

def away(x):
    """Nearest integer, halves away from zero."""
    x = Fraction(x)
    n = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return -n if x < 0 else n


def micro(text):
    """Millionths of a decimal text; None when it is empty."""
    text = str(text).strip()
    return None if text in ("", "N.A.", "N.E.") else away(Fraction(text) * 1_000_000)


def german(text):
    return micro(text.strip().replace(".", "").replace(",", ".") if "," in text else text)


def wh_of_kw(power):
    return None if power is None else away(Fraction(power * 250, 1_000_000))


def money(wh, price):
    return None if wh is None or price is None else away(Fraction(wh * price, 1_000_000))


# --- time --------------------------------------------------------------------------------------------------

def ms_of(moment):
    d = moment - EPOCH
    return (d.days * 86400 + d.seconds) * 1000 + d.microseconds // 1000


def instant(text):
    text = text.strip()
    if text.endswith(" UTC"):
        text = text[:-4] + "+00:00"
    text = text.replace("Z", "+00:00")
    text = re.sub(r"\.(\d+)", lambda m: "." + (m.group(1) + "000000")[:6], text)
    return ms_of(dt.datetime.fromisoformat(text))


def number_time(x):
    x = Fraction(str(x))
    return away(x * 1000) if abs(x) < 10 ** 11 else away(x)


def day_start(day):
    return ms_of(dt.datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC))


def local(ms):
    return (EPOCH + dt.timedelta(milliseconds=ms)).astimezone(BERLIN)


def local_day(ms):
    return local(ms).date()


# --- files -------------------------------------------------------------------------------------------------

class Folder:
    """The files below a folder; a file with the bytes of the one before it of its thing is no other."""

    def __init__(self, root):
        self.root = root
        self.faults = []
        self.names = []
        before = {}
        paths = [p for p in glob.glob(os.path.join(root, "**", "*"), recursive=True) if os.path.isfile(p)]
        for path in sorted(paths, key=lambda p: (moment_in(p), p)):
            with open(path, "rb") as f:
                data = f.read()
            base = os.path.basename(path)
            day = re.search(r"\d{4}-?\d\d-?\d\d", base)
            thing = re.sub(r"_?\d{4}-?\d\d-?\d\d.*", "", base), day.group(0) if day else ""
            if before.get(thing) != data:
                self.names.append(os.path.relpath(path, root))
            before[thing] = data

    def counting(self, pattern):
        """Names of files of one kind, by moment; of two about one day the newer stands for both."""
        days = {}
        for _, name in self.like(pattern):
            day = re.search(r"\d{4}-?\d\d-?\d\d", os.path.basename(name))
            days.setdefault(day.group(0) if day else name, []).append(name)
        return sorted(newest(days).values(), key=lambda n: (moment_in(n), n))

    def text(self, name):
        with open(os.path.join(self.root, name), "rb") as f:
            data = f.read()
        if name.endswith(".gz"):
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")

    def like(self, pattern):
        """(match, name) of the files whose last parts fit the pattern, by name."""
        out = []
        for name in self.names:
            m = re.search("(?:^|/)" + pattern + r"(?:\.gz)?$", name)
            if m:
                out.append((m, name))
        return out

    def guarded(self, name, read):
        """A damaged file is left out as a whole."""
        try:
            return read()
        except (ValueError, KeyError, TypeError, IndexError, StopIteration, EOFError, OSError) as e:
            self.faults.append({"file": name, "why": repr(e)})
            return None


def moment_in(name):
    """The moment in a file's name; without one NEVER is not used: such files are the oldest."""
    base = os.path.basename(name)
    m = re.search(r"(\d{4})-?(\d\d)-?(\d\d)[T_](\d\d):?-?(\d\d):?-?(\d\d)?", base)
    if m:
        p = [int(x) for x in m.groups() if x]
        return ms_of(dt.datetime(*p, tzinfo=UTC))
    m = re.search(r"(\d{4})-?(\d\d)-?(\d\d)", base)
    return ms_of(dt.datetime(*map(int, m.groups()), tzinfo=UTC)) if m else -1


def newest(files):
    """{subject: [names]} -> {subject: name}: by the moment in the name, then the name."""
    return {k: max(v, key=lambda n: (moment_in(n), n)) for k, v in files.items()}


def rows_of(text, delimiter=","):
    lines = [l for l in text.split("\n") if l.strip() and not l.startswith("#")]
    reader = csv.reader(io.StringIO("\n".join(l.rstrip("\r") for l in lines)), delimiter=delimiter)
    head = [re.sub(r"\(.*\)", "", h).strip() for h in next(reader, [])]
    for row in reader:
        if len(row) == len(head):
            yield dict(zip(head, row))


class Portfolio:
    def __init__(self, root, first, last):
        self.folder = Folder(root)
        self.first, self.last = first, last
        self.start = day_start(first)
        self.end = day_start(last + dt.timedelta(days=1))
        self.quarters = range(self.start, self.end, QUARTER)
        self.read_contracts()
        self.read_sheets()
        self.read_meters()
        self.read_live()
        self.read_forecasts()
        self.read_flags()
        self.read_prices()
        self.read_market_values()
        self.read_schedules()
        self.read_weather()
        self.private = self.read_trades("Private_Trades")
        self.public = self.read_trades("Public_Trades")
        self.parties = self.read_parties()

    def rows(self, name, delimiter=","):
        """Of a file that can be read; a damaged one is left out as a whole."""
        return self.folder.guarded(name, lambda: list(rows_of(self.folder.text(name), delimiter))) or []

    # --- master data

    def read_contracts(self):
        names = [n for _, n in self.folder.like(r"asset_contracts_[^/]*\.csv")]
        self.contract = []
        if not names:
            return
        newest_name = max(names, key=lambda n: (moment_in(n), n))
        for r in self.rows(newest_name):
            if not r.get("contract_id") or not r.get("asset_id"):
                continue
            try:
                end = r.get("contract_end", "").strip()
                c = {
                    "id": r["contract_id"], "asset": r["asset_id"], "mp": r.get("metering_point_id", ""),
                    "capacity": micro(r["capacity"]), "technology": r["technology"],
                    "begin": dt.date.fromisoformat(r["contract_begin"].strip()),
                    "end": dt.date.fromisoformat(end) if end else dt.date.max,
                    "model": r["price_model"], "price": micro(r.get("price", "")),
                    "spread": micro(r.get("spread", "")) or 0, "percent": micro(r.get("price_percent", "")),
                    "floor": micro(r.get("floor", "")), "cap": micro(r.get("cap", "")),
                    "fee_model": r.get("fee_model", "") or "none", "fee": micro(r.get("fee", "")),
                    "fee_percent": micro(r.get("fee_percent", "")),
                    "scheme": r.get("scheme", "") or "transitional", "aw": micro(r.get("value_applied", "")),
                    "lost": r.get("lost_rule", "") or "forecast",
                    "curtail": micro(r.get("curtail_percent", "")),
                    "fee_form": r.get("fee_form", "") or "reduction", "vat": r.get("vat", "") or "standard",
                    "owner": r.get("owner_id", ""),
                }
            except ValueError as e:
                self.folder.faults.append({"file": newest_name, "why": repr(e)})
                continue
            credit = r.get("energy_credit", "").strip()
            c["credit"] = credit == "yes" or (credit == "" and c["scheme"] == "market_premium")
            self.contract.append(c)

    def contract_on(self, asset, day):
        best = None
        for c in self.contract:
            if c["asset"] == asset and c["begin"] <= day <= c["end"]:
                if best is None or c["begin"] > best["begin"]:
                    best = c
        return best

    def read_sheets(self):
        sheets = []
        for _, name in self.folder.like(r"technical_data_[^/]*\.json"):
            doc = self.folder.guarded(name, lambda: json.loads(self.folder.text(name), parse_float=str,
                                                               parse_int=str))
            if doc is not None:
                sheets.append((moment_in(name), name, {a["asset_id"]: a for a in doc["assets"]}))
        self.sheet = sorted(sheets, key=lambda s: s[:2])

    def sheet_on(self, day):
        end = day_start(day + dt.timedelta(days=1))
        fitting = [s for s in self.sheet if s[0] < end]
        if fitting:
            return fitting[-1][2]
        return self.sheet[0][2] if self.sheet else {}

    def capacity(self, asset, day):
        """micro-kW, or None."""
        a = self.sheet_on(day).get(asset)
        if a and "capacity_kw" in a.get("technical_attributes", {}):
            return micro(a["technical_attributes"]["capacity_kw"])
        c = self.contract_on(asset, day) or next((c for c in self.contract if c["asset"] == asset), None)
        return c["capacity"] * 1000 if c and c["capacity"] is not None else None

    def commissioned(self, asset):
        a = self.sheet_on(self.last).get(asset)
        text = (a or {}).get("technical_attributes", {}).get("commissioning_date")
        return dt.date.fromisoformat(text[:10]) if text else None

    def assets(self):
        known = {c["asset"] for c in self.contract}
        for _, _, sheet in self.sheet:
            known |= set(sheet)
        return sorted(known)

    def asset_of_mp(self, mp, day):
        those = [c for c in self.contract if c["mp"] == mp]
        for c in those:
            if self.contract_on(c["asset"], day) is c:
                return c["asset"]
        return those[0]["asset"] if those else None

    # --- measured

    def read_meters(self):
        files = {}
        for m, name in self.folder.like(r"final_production_(.+)_(\d{8})[^/]*\.csv"):
            files.setdefault((m.group(1), m.group(2)), []).append(name)
        self.meter = {}
        for (mp, day), name in sorted(newest(files).items(), key=lambda kv: kv[0][1]):
            text = self.folder.guarded(name, lambda: self.folder.text(name))
            lines = [l.rstrip("\r") for l in (text or "").split("\n") if l.strip()]
            head = lines[0].split(",") if lines else []
            m = re.match(r"(.+)__(kw|mw|kwh|wh)_$", head[1].strip()) if len(head) == 2 else None
            if not m:
                continue
            scale = {"kw": 1, "mw": 1000, "kwh": 4, "wh": Fraction(4, 1000)}[m.group(2)]
            for line in lines[1:]:
                cells = line.split(",")
                try:
                    t, power = instant(cells[0]), micro(cells[1])
                except (ValueError, IndexError):
                    continue
                if t % QUARTER or power is None or len(cells) != 2:
                    continue
                asset = self.asset_of_mp(m.group(1), local_day(t))
                if asset:
                    self.meter[asset, t] = wh_of_kw(away(power * scale))

    def read_live(self):
        files = {}
        for m, name in self.folder.like(r"live_measured_infeed/(?:.*/)?(.+?)_(\d{8})[^/]*\.json"):
            doc = self.folder.guarded(name, lambda: self.live_doc(name))
            if doc is not None:
                files.setdefault((doc[0], m.group(2)), []).append((moment_in(name), name, doc))
        points = {}
        for (asset, day), versions in files.items():
            _, _, (_, times, power, quality) = max(versions, key=lambda v: v[:2])
            one = {}
            for t, p, q in zip(times, power, quality):
                one[t] = (p, q)  # of values with one time the last of the file counts
            points.setdefault(asset, {}).update(one)
        self.live = {}
        for asset, of in points.items():
            self.fold_live(asset, sorted((t, p, q) for t, (p, q) in of.items()))

    def live_doc(self, name):
        doc = json.loads(self.folder.text(name), parse_float=str, parse_int=str)
        key = doc["key"]
        column = doc["column_ids"]
        value = doc["values"]
        unit = doc["units"][column.index("value")].lower()
        scale = {"kw": 1, "mw": 1000, "w": Fraction(1, 1000)}[unit]
        times = [number_time(x) for x in value[column.index("timestamp")]]
        power = [None if x is None else away(Fraction(x) * 1_000_000 * scale)
                 for x in value[column.index("value")]]
        if len(times) != len(power):
            raise ValueError("columns of different lengths")
        quality = [micro(x) for x in value[column.index("quality")]] if "quality" in column \
            else [1_000_000] * len(times)
        return key.get("asset_id") or key.get("entity_id"), times, power, quality

    def fold_live(self, asset, points):
        weight, covered = {}, {}
        for k, (t, p, q) in enumerate(points):
            end = min(points[k + 1][0] if k + 1 < len(points) else NEVER, t + 120_000)
            capacity = self.capacity(asset, local_day(t))
            if p is None or q is None or q < 500_000 or (capacity is not None and p * 10 > capacity * 11):
                continue
            while t < end:
                start = t // QUARTER * QUARTER
                part = min(end, start + QUARTER) - t
                weight[start] = weight.get(start, 0) + p * part
                covered[start] = covered.get(start, 0) + part
                t += part
        for start, ms in covered.items():
            if ms * 10 >= QUARTER * 8:
                self.live[asset, start] = away(Fraction(weight[start] * 250, 1_000_000 * ms))

    # --- forecasts

    def read_forecasts(self):
        self.forecast = {}
        for _, name in self.folder.like(r"forecasts/(?:.*/)?[^/]+\.json"):
            doc = self.folder.guarded(name, lambda: json.loads(self.folder.text(name), parse_float=str,
                                                               parse_int=str))
            if doc is None:
                continue
            self.folder.guarded(name, lambda: self.take_forecast(doc))

    def take_forecast(self, doc):
        column = {c: k for k, c in enumerate(doc["column_ids"])}
        value = doc["values"]
        unit = doc["units"][column["power"]].lower()
        scale = {"kw": 1, "mw": 1000, "w": Fraction(1, 1000)}[unit]
        rows = list(zip(*(value[column[c]] for c in ("start", "end", "version", "power"))))
        if len({len(v) for v in value}) != 1:
            raise ValueError("columns of different lengths")
        asset = doc["key"]["asset_id"]
        for start, end, version, power in rows:
            if power is None:
                continue
            start, end, version = number_time(start), number_time(end), number_time(version)
            p = away(Fraction(power) * 1_000_000 * scale)
            for t in range(start, end, QUARTER):
                self.forecast.setdefault((asset, t), {})[version] = p

    def forecast_power(self, asset, t, until):
        versions = [v for v in self.forecast.get((asset, t), {}) if v <= until]
        return self.forecast[asset, t][max(versions)] if versions else None

    # --- redispatch, prices

    def read_flags(self):
        self.flag = {}
        files = sorted(self.folder.like(r"redispatch_flag_(.+)_(\d{8})_(\d{4})[^/]*\.csv"),
                       key=lambda x: (moment_in(x[1]), x[1]))
        for m, name in files:
            for r in self.rows(name):
                try:
                    start, end = instant(r["delivery_start"]), instant(r["delivery_end"])
                    flag = r["is_redispatched"].strip()
                except (KeyError, ValueError):
                    continue
                setpoint = micro(r.get("setpoint_kw", "") or "")
                for t in range(start, end, QUARTER):
                    asset = self.asset_of_mp(m.group(1), local_day(t))
                    if asset and flag in ("0", "1"):
                        self.flag[asset, t] = (flag == "1", setpoint or 0)

    def read_prices(self):
        self.price = {k: {} for k in ("day_ahead", "compensation", "short", "long", "estimate", "index")}
        for kind, pattern in (("day_ahead", r"day_ahead_price_[^/]*\.csv"),
                              ("compensation", r"redispatch_compensation_[^/]*\.csv"),
                              ("index", r"intraday_index_[^/]*\.csv")):
            for name in self.folder.counting(pattern):
                for r in self.rows(name):
                    try:
                        start = instant(r["delivery_start__utc_"])
                        end = instant(r["delivery_end__utc_"])
                        price = micro(r["price__euro_per_mwh_"])
                    except (KeyError, ValueError):
                        continue
                    if start % QUARTER or price is None:
                        continue
                    for t in range(start, end, QUARTER):
                        self.price[kind][t] = price
        for pattern, columns in ((r"imbalance_price_final_[^/]*\.csv",
                                  (("short", "reBAP unterdeckt"), ("long", "reBAP ueberdeckt"))),
                                 (r"imbalance_price_estimation_[^/]*\.csv", (("estimate", "AEP-Schätzer"),))):
            for name in self.folder.counting(pattern):
                self.read_imbalance(name, columns)

    def read_imbalance(self, name, columns):
        before = None
        for r in self.rows(name, ";"):
            try:
                d = dt.datetime.strptime(r["Datum"] + " " + r["von"], "%d.%m.%Y %H:%M")
            except (KeyError, ValueError):
                continue
            if r["Zeitzone"] == "UTC":
                t = ms_of(d.replace(tzinfo=UTC))
            else:
                t = ms_of(d.replace(tzinfo=BERLIN, fold=0).astimezone(UTC))
                if before is not None and t <= before:
                    t = ms_of(d.replace(tzinfo=BERLIN, fold=1).astimezone(UTC))
            before = t
            for kind, column in columns:
                try:
                    price = german(r[column])
                except (KeyError, ValueError):
                    continue
                if price is not None and t % QUARTER == 0:
                    self.price[kind][t] = price

    def read_market_values(self):
        self.market_value = {}
        for _, name in sorted(self.folder.like(r"market_values_[^/]*\.csv"), key=lambda x: (moment_in(x[1]), x[1])):
            for r in self.rows(name):
                value = micro(r["value__ct_per_kwh_"])
                if value is not None:
                    self.market_value[r["period"].strip(), r["technology"].strip()] = value

    def read_schedules(self):
        files = {}
        for m, name in self.folder.like(r"schedule_(.+)_(\d{8})[^/]*\.csv"):
            files.setdefault((m.group(1), m.group(2)), []).append(name)
        self.schedule = {}
        for (asset, _), name in newest(files).items():
            for r in self.rows(name):
                try:
                    t, p = instant(r["delivery_start__utc_"]), micro(r["power__kw_"])
                except (KeyError, ValueError):
                    continue
                if p is not None and t % QUARTER == 0:
                    self.schedule[asset, t] = wh_of_kw(p)

    def read_weather(self):
        self.weather = {}
        for m, name in sorted(self.folder.like(r"weather_(.+?)_\d{8}[^/]*\.csv"),
                              key=lambda x: (moment_in(x[1]), x[1])):
            for r in self.rows(name):
                for t in range(instant(r["start__utc_"]), instant(r["end__utc_"]), QUARTER):
                    self.weather[m.group(1), t] = r

    def read_trades(self, kind):
        out, seen = [], set()
        for name in self.folder.counting(kind + r"[^/]*\.csv"):
            for r in self.rows(name, ";"):
                try:
                    start, end = instant(r["DeliveryStart"]), instant(r["DeliveryEnd"])
                    price, volume = micro(r["Price"]), micro(r["Volume"])
                    side = {"SELL": 1, "BUY": -1}[r["Side"].strip().upper()]
                    unit = r.get("VolumeUnit", "MWH").strip().upper()
                except (KeyError, ValueError):
                    continue
                if r.get("Currency", "EUR").strip() != "EUR":
                    continue
                if price is None or volume is None or volume <= 0 or end <= start:
                    continue
                number = r.get("TradeId", "").strip()
                if number and number in seen:
                    continue
                seen.add(number)
                wh = volume if unit == "MWH" else away(Fraction(volume * (end - start), 3_600_000))
                n = (end - start) // QUARTER
                for k in range(n):
                    part = wh // n + (1 if k < wh % n else 0)
                    out.append((start + k * QUARTER, side, part, price))
        return out

    def read_parties(self):
        doc = {"issuer": {}, "owners": []}
        for _, name in sorted(self.folder.like(r"parties[^/]*\.json"), key=lambda x: (moment_in(x[1]), x[1])):
            doc = json.loads(self.folder.text(name))
        return doc

    # --- references

    def by_quarter(self, trades):
        wh, ueur = {}, {}
        for t, _, part, price in trades:
            wh[t] = wh.get(t, 0) + part
            ueur[t] = ueur.get(t, 0) + part * price
        return {t: away(Fraction(ueur[t], wh[t])) for t in wh if wh[t]}

    # --- the rules

    def run(self):
        vwap = self.by_quarter(self.public)
        out = {"assets": {}, "contracts": {}, "portfolio": {}, "faults": self.folder.faults}
        infeed, credit = {}, {}
        lost = {}
        for asset in self.assets():
            q = {t: self.infeed(asset, t) for t in self.quarters}
            infeed[asset] = q
            r = {t: self.lost(asset, t, q) for t in self.quarters}
            lost[asset] = r
            credit[asset] = {t: x["credited"] if x else 0 for t, x in r.items()}  # None: not known
            out["assets"][asset] = self.asset_sums(asset, q, r, credit[asset])
        out["portfolio"] = self.portfolio(infeed, credit, vwap)
        for c in sorted(self.contract, key=lambda c: c["id"]):
            s = self.settle(c, infeed[c["asset"]], lost[c["asset"]], vwap)
            if s is not None:
                out["contracts"][c["id"]] = s
        return out

    def infeed(self, asset, t):
        if (asset, t) in self.meter:
            return self.meter[asset, t], "metering"
        if (asset, t) in self.live:
            return self.live[asset, t], "live"
        p = self.forecast_power(asset, t, t)
        if p is None:
            return None, "gap"
        capacity = self.capacity(asset, local_day(t))
        if capacity is not None:
            p = min(p, capacity)
        flag, setpoint = self.flag.get((asset, t), (False, 0))
        if flag:
            p = min(p, setpoint)
        return wh_of_kw(p), "forecast"

    def lost(self, asset, t, infeed):
        """None where the quarter is not redispatched."""
        flag, setpoint = self.flag.get((asset, t), (False, 0))
        if not flag:
            return None
        day = local_day(t)
        c = self.contract_on(asset, day)
        rule = c["lost"] if c else "forecast"
        scheme = c["scheme"] if c else "transitional"
        wh = self.lost_by_rule(asset, t, infeed, rule, setpoint, c)
        price, suspended = None, False
        if scheme == "transitional":
            price = self.price["compensation"].get(t)
        elif scheme == "feed_in_tariff":
            price = c["aw"] * 10 if c["aw"] is not None else None
        else:
            suspended = self.suspended(asset, t)
            premium = self.premium(asset, c, day)
            price = 0 if suspended else (premium * 10 if premium is not None else None)
        credited = wh if c and c["credit"] else 0
        return {"wh": wh, "price": price, "ueur": money(wh, price), "credited": credited}

    def lost_by_rule(self, asset, t, infeed, rule, setpoint, c):
        capacity = self.capacity(asset, local_day(t))
        solar = (c["technology"] if c else "") in ("solar", "pv")
        expected = None
        before = t
        while self.flag.get((asset, before), (False, 0))[0]:
            before -= QUARTER
        last = infeed.get(before, (None,))[0]
        if rule == "flat" and solar and capacity is not None:
            p = Fraction(capacity * plant_factor(t), 1_000_000) - setpoint
            return away(max(0, p) * 250 / 1_000_000)
        if rule == "flat" and not solar and last is not None:
            expected = last if capacity is None else min(last, wh_of_kw(capacity))
        if rule == "weather" and last is not None and capacity is not None:
            expected = self.by_weather(asset, t, before, last, solar)
            expected = None if expected is None else min(expected, wh_of_kw(capacity))
        if expected is None:
            p = self.forecast_power(asset, t, t)
            if p is None:
                return None
            expected = wh_of_kw(p if capacity is None else min(p, capacity))
        return max(0, expected - wh_of_kw(setpoint))

    def by_weather(self, asset, t, before, last, solar):
        now, then = self.weather.get((asset, t)), self.weather.get((asset, before))
        if not now or not then:
            return None
        if solar:
            a, b = micro(now["irradiance__w_per_m2_"]), micro(then["irradiance__w_per_m2_"])
        else:
            a, b = self.curve(asset, t, now), self.curve(asset, before, then)
        return None if a is None or not b else away(Fraction(last * a, b))

    def curve(self, asset, t, weather):
        """Share of full power in units of 10^-12."""
        if not weather["wind_speed__m_per_s_"].strip():
            return None
        v = float(weather["wind_speed__m_per_s_"])
        a = self.sheet_on(self.last).get(asset, {})
        hub = a.get("technical_attributes", {}).get("hub_height_meters")
        height = weather["wind_height__m_"].strip()
        if hub is not None and height:
            v *= (float(hub) / float(height)) ** (0.11 if a.get("type") == "wind_offshore" else 1 / 7)
        share = 0 if v < 3 or v >= 25 else 1 if v >= 12 else (v ** 3 - 27) / (1728 - 27)
        return round(share * 10 ** 12)

    def premium(self, asset, c, day):
        born = self.commissioned(asset)
        of_year = born is None or born >= dt.date(2023, 1, 1)
        period = "%04d" % day.year if of_year else "%04d-%02d" % (day.year, day.month)
        mv = self.market_value.get((period, c["technology"]))
        return None if mv is None or c["aw"] is None else max(0, c["aw"] - mv)

    def suspended(self, asset, t):
        born = self.commissioned(asset)
        prices = self.price["day_ahead"]
        if born is None or born >= dt.date(2025, 2, 25):
            return prices.get(t, 0) < 0
        if born < dt.date(2016, 1, 1):
            return False
        year = local_day(t).year
        hours = 6 if born < dt.date(2021, 1, 1) else 4 if born < dt.date(2023, 1, 1) else \
            4 if year <= 2023 else 3 if year <= 2025 else 2 if year == 2026 else 1
        hour = t // 3_600_000

        def negative(h):
            those = [prices.get(h * 3_600_000 + k * QUARTER) for k in range(4)]
            return None not in those and sum(those) < 0
        if not negative(hour):
            return False
        run, h = 1, hour - 1
        while negative(h):
            run, h = run + 1, h - 1
        h = hour + 1
        while negative(h):
            run, h = run + 1, h + 1
        return run >= hours

    def imbalance_price(self, wh, t):
        final = self.price["short" if wh < 0 else "long"].get(t)
        return (final, True) if final is not None else (self.price["estimate"].get(t), False)

    def balance(self, rows):
        """rows: (t, wh) -> sums."""
        s = {"imbalance_wh": 0, "cash_ueur": 0, "penalty_ueur": 0, "estimated": 0, "unpriced": 0, "quarters": 0}
        for t, wh in rows:
            s["quarters"] += 1
            s["imbalance_wh"] += wh
            price, final = self.imbalance_price(wh, t)
            if price is None:
                s["unpriced"] += 1
                continue
            s["estimated"] += not final
            s["cash_ueur"] += money(wh, price)
            s["penalty_ueur"] += abs(money(wh, price))
        return s

    def asset_sums(self, asset, q, r, credit):
        s = {"infeed_wh": sum(w for w, _ in q.values() if w is not None)}
        for source in ("metering", "live", "forecast", "gap"):
            s["quarters_" + source] = sum(x == source for _, x in q.values())
        s["quarters"] = {str(t): [w, x] for t, (w, x) in q.items()}
        s["lost_wh"] = sum(x["wh"] or 0 for x in r.values() if x)
        s["redispatch_ueur"] = sum(x["ueur"] or 0 for x in r.values() if x)
        for name, ahead in (("latest", 0), ("tradeable", QUARTER)):
            rows = []
            for t in self.quarters:
                plan = wh_of_kw(self.forecast_power(asset, t, t - ahead))
                if q[t][0] is not None and plan is not None and credit[t] is not None:
                    rows.append((t, q[t][0] + credit[t] - plan))
            s["against_" + name] = self.balance(rows)
        return s

    def portfolio(self, infeed, credit, vwap):
        rows = []
        sold, bought = {}, {}
        cash = count = 0
        against = {"day_ahead": 0, "market": 0}
        for t, side, wh, price in self.private:
            if not self.start <= t < self.end:
                continue
            (sold if side > 0 else bought)[t] = (sold if side > 0 else bought).get(t, 0) + wh
            cash += side * money(wh, price)
        for t in self.quarters:
            there = [a for a in infeed if infeed[a][t][0] is not None and credit[a][t] is not None]
            if there and self.private:
                rows.append((t, sum(infeed[a][t][0] + credit[a][t] for a in there) + bought.get(t, 0)
                             - sold.get(t, 0)))
        s = {"against_sold": self.balance(rows), "sold_wh": sum(sold.values()), "bought_wh": sum(bought.values()),
             "cash_ueur": cash, "vwap": {str(t): vwap[t] for t in self.quarters if t in vwap}}
        s["infeed_wh"] = sum(w for q in infeed.values() for w, _ in q.values() if w is not None)
        return s

    def settle(self, c, infeed, lost, vwap):
        quarters = [t for t in self.quarters if c["begin"] <= local_day(t) <= c["end"]
                    and self.contract_on(c["asset"], local_day(t)) is c]
        if not quarters:
            return None
        s = {"infeed_wh": 0, "paid_wh": 0, "payout_ueur": 0, "fee_ueur": 0, "redispatch_wh": 0,
             "redispatch_ueur": 0, "curtailed_wh": 0, "curtailment_ueur": 0, "gaps": 0, "fault": None}
        months = {}
        for t in quarters:
            d = local_day(t)
            months[d.year, d.month] = months.get((d.year, d.month), 0) + 1
        for t in quarters:
            wh = infeed[t][0]
            if wh is None:
                s["gaps"] += 1
                wh = 0
            e = max(0, wh)
            s["infeed_wh"] += wh
            s["paid_wh"] += e
            x = lost[t]
            if x:
                if x["ueur"] is None:
                    s["fault"] = s["fault"] or "redispatch"
                else:
                    s["redispatch_wh"] += x["wh"]
                    s["redispatch_ueur"] += x["ueur"]
            price = self.model_price(c, t, vwap)
            curtailed = self.curtailed(c, t, infeed[t])
            s["curtailed_wh"] += curtailed
            if curtailed and c["curtail"] and price is None:
                s["fault"] = s["fault"] or "price"
            elif curtailed and c["curtail"]:
                s["curtailment_ueur"] += away(Fraction(curtailed * price * c["curtail"], 10 ** 6 * 10 ** 8))
            if e and price is None:
                s["fault"] = s["fault"] or "price"
            if e and price is not None:
                s["payout_ueur"] += money(e, price)
            fee = self.quarter_fee(c, t, e, vwap)
            if fee is None:
                s["fault"] = s["fault"] or "fee"
            else:
                s["fee_ueur"] += fee
        if c["model"] == "percent_of_market" and c["percent"] is None:
            s["fault"] = s["fault"] or "price_percent"
        if c["model"] == "fixed" and c["price"] is None:
            s["fault"] = s["fault"] or "price"
        if c["fee_model"] == "fixed_for_capacity":
            if c["fee"] is None or c["capacity"] is None:
                s["fault"] = s["fault"] or "fee"
            else:
                for (year, month), n in months.items():
                    begin = day_start(dt.date(year, month, 1))
                    end = day_start(dt.date(year + month // 12, month % 12 + 1, 1))
                    s["fee_ueur"] += away(Fraction(c["capacity"] * c["fee"] * n,
                                                   1_000_000 * ((end - begin) // QUARTER)))
        if s["fault"]:
            for k in ("payout_ueur", "fee_ueur", "redispatch_ueur", "redispatch_wh", "curtailment_ueur"):
                s[k] = None
        return s

    def curtailed(self, c, t, infeed):
        """Energy the trader stopped for the market: not where the grid operator did."""
        price = self.price["day_ahead"].get(t)
        if price is None or self.flag.get((c["asset"], t), (False, 0))[0]:
            return 0
        stop = 0
        if c["scheme"] == "market_premium" and not self.suspended(c["asset"], t):
            premium = self.premium(c["asset"], c, local_day(t))
            if premium is None:
                return 0
            stop = -premium * 10
        if price >= stop:
            return 0
        p = self.forecast_power(c["asset"], t, t - QUARTER)
        capacity = self.capacity(c["asset"], local_day(t))
        if p is None:
            return 0
        if capacity is not None:
            p = min(p, capacity)
        wh, source = infeed
        return max(0, wh_of_kw(p) - max(0, wh)) if source in ("metering", "live") else 0

    def model_price(self, c, t, vwap):
        day = local_day(t)
        model = c["model"]
        if model == "fixed":
            p = c["price"]
        elif model == "market":
            p = vwap.get(t)
        elif model == "day_ahead":
            p = self.price["day_ahead"].get(t)
            p = None if p is None else p + c["spread"]
        elif model in ("market_value", "market_value_year"):
            period = "%04d" % day.year if model.endswith("year") else "%04d-%02d" % (day.year, day.month)
            mv = self.market_value.get((period, c["technology"]))
            p = None if mv is None else mv * 10 + c["spread"]
        else:
            v = vwap.get(t)
            p = None if v is None or c["percent"] is None else away(Fraction(v * c["percent"], 100_000_000))
        if p is not None and c["floor"] is not None:
            p = max(p, c["floor"])
        if p is not None and c["cap"] is not None:
            p = min(p, c["cap"])
        return p

    def quarter_fee(self, c, t, e, vwap):
        model = c["fee_model"]
        if model == "fixed_as_produced":
            return None if c["fee"] is None else money(e, c["fee"])
        if model == "percent_of_market":
            if c["fee_percent"] is None:
                return None
            if not e:
                return 0
            v = vwap.get(t)
            return None if v is None else away(Fraction(e * v * c["fee_percent"], 10 ** 6 * 10 ** 8))
        return 0


def plant_factor(t):
    """In millionths; UTC+1 all year."""
    d = EPOCH + dt.timedelta(milliseconds=t + 3_600_000)
    minute = d.hour * 60 + d.minute
    if 3 <= d.month <= 10:
        table = ((360, 540, 245600), (540, 900, 618900), (900, 1140, 245600))
    else:
        table = ((540, 600, 279600), (600, 840, 503000), (840, 1005, 279600))
    return next((f for a, b, f in table if a <= minute < b), 0)


def main():
    first = dt.date.fromisoformat(sys.argv[2])
    last = dt.date.fromisoformat(sys.argv[3]) if len(sys.argv) > 3 else first
    json.dump(Portfolio(sys.argv[1], first, last).run(), sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
