// The standard library's hash containers under the names that the worker uses for a library which
// distributions do not package.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename K, typename V, typename H = std::hash<K>, typename E = std::equal_to<K>>
	using map = std::unordered_map<K, V, H, E>;

	template<typename K, typename H = std::hash<K>, typename E = std::equal_to<K>>
	using set = std::unordered_set<K, H, E>;

	template<typename T>
	using hash = std::hash<T>;
} // namespace ankerl::unordered_dense
