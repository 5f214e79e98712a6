"""Colours of pictures that leave the site. In pages the same classes take theirs from `static/beffroi.css`."""

STANDALONE_STYLE = """
text{font-family:system-ui,"Segoe UI",Roboto,sans-serif;font-size:14px;fill:#46535c;font-variant-numeric:tabular-nums}
.paper{fill:#fbfaf7}.head{font-size:17px;font-weight:700;fill:#1f2a33}.tick{font-size:14px}
.strong{fill:#1f2a33;font-size:15px}.val{fill:#1f2a33}
.grid{stroke:#dcd9d1;fill:none}.axis{stroke:#8b949a;fill:none}.dash{stroke:#5b6770;stroke-dasharray:2 3;fill:none}
.iv{fill:none}.iv.oth{stroke:#cfccc3;stroke-width:2}.iv.riv{stroke:#33566b;stroke-width:3}.iv.me{stroke:#a63a24;stroke-width:5}
.dots{fill:none;stroke:#5b6770;stroke-width:2.6;stroke-linecap:round}
.dot.riv{fill:#33566b}.dot.me{fill:#a63a24}
.dots-to{stroke-dasharray:1 5;stroke-linecap:round}
.stem{fill:none;stroke:#33566b}.stem.me{stroke:#a63a24}.lab.riv{fill:#33566b}.lab.me{fill:#a63a24;font-weight:700}
.zone{fill:#efece4}.span{fill:none;stroke-width:8;stroke-linecap:round;opacity:.35}
.good{fill:#1f6157;stroke:#1f6157}.bad{fill:#7a4b0c;stroke:#7a4b0c}.mid{fill:#5b6770;stroke:#5b6770}
.hollow{fill:#fbfaf7;stroke-width:2}
.bar.whole{fill:#234a61}
.sea{fill:#fbfaf7;stroke:#dcd9d1}.spot.shared{fill:none;stroke:#46535c;stroke-width:1.5;stroke-dasharray:3 2}
.bar.behind{fill:#a63a24}.bar.ahead{fill:#1f6157}
.land{fill:#efece4;stroke:#cfccc3;stroke-width:1;vector-effect:non-scaling-stroke}
.q1{fill:#cfe3ea}.q2{fill:#96c3d4}.q3{fill:#5a9dbc}.q4{fill:#2a7196}.q5{fill:#0f4663}
.spot{stroke:#1f2a33;stroke-width:.6}.spot.me{stroke:#a63a24;stroke-width:3}
.spot.none{fill:#fbfaf7;stroke-dasharray:2 2}
.fan{fill:#efece4}.trace{fill:none;stroke:#33566b;stroke-width:2}.trace.me{stroke:#a63a24;stroke-width:3.4}
.t2{stroke-dasharray:7 3}.t3{stroke-dasharray:2 3}.t4{stroke-dasharray:9 3 2 3}
"""
