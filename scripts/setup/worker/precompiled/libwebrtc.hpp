// The headers that most sources of the worker's part of libwebrtc include, compiled once.
#pragma once

#include "Logger.hpp"
#include <absl/memory/memory.h>
#include <absl/types/optional.h>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>
