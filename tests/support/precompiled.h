// What nearly every test includes.
#pragma once
#include "../../cmake/precompiled.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <thread>

#include <gtest/gtest.h>
