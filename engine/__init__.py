"""The engine: layouts, models, painting, detection, scoring. It imports no Qt, and tells nobody what it does."""

import os

# Libraries that report to their makers how they are used: onnxruntime as soon as it is imported, which diffusers does
# wherever it is installed; the model hub's client with every download; Ray while a cluster runs.
for _name, _value in (
    ("ORT_DISABLE_TELEMETRY", "1"),
    ("HF_HUB_DISABLE_TELEMETRY", "1"),
    ("RAY_USAGE_STATS_ENABLED", "0"),
):
    os.environ.setdefault(_name, _value)
