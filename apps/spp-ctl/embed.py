#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write a JSON file, checked and without blanks, as a C string: embed.py IN OUT NAME"""
import json
import sys

source, target, name = sys.argv[1:]
with open(source, encoding='utf-8') as f:
    text = json.dumps(json.load(f), separators=(',', ':'))
# No literal is longer than what a C compiler must take.
pieces = [text[i:i + 400] for i in range(0, len(text), 400)]
with open(target, 'w', encoding='ascii') as f:
    f.write('#include "openapi.h"\n\nconst char %s[] =\n' % name)
    f.write('\n'.join('\t' + json.dumps(piece) for piece in pieces) + ';\n')
