// Reading headers is most of the worker's compile time. These are the ones that most of its sources include;
// compiled once, they halve the time of the build.
#pragma once

#include "Logger.hpp"
#include "MediaSoupErrors.hpp"
#include "RTC/RTP/Packet.hpp"
#include "RTC/RtpDictionaries.hpp"
#include "SharedInterface.hpp"
#include "Utils.hpp"
#include <ankerl/unordered_dense.h>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string_view>
#include <uv.h>
